import Foundation
@testable import Ingest
import Model
import Testing

@Suite("Settings of a shop")
struct SettingsTests {
    private func put(_ settings: String, _ bench: Bench) async -> (status: Int, errors: [String]) {
        let body = #"{"platform": "shopify", "accessToken": "t", "settings": {\#(settings)}}"#
        let answer = await bench.admin.put(bench.admin("PUT", body), Bench.shop)
        let json = (try? answer.json()) ?? [:]
        return (answer.status, json["errors"] as? [String] ?? [])
    }

    static let scope = """
        "orders": "cod", "minimumTotal": "49.90", "shippingCountries": ["DE", "AT"], "onlyTags": ["check"],
        "exceptTags": ["VIP"], "channels": ["web", "drafts"], "codGateways": ["Paga en casa"], "skipVerified": true,
        "phoneSources": ["order", "billing"], "fixedLine": true, "voip": true, "aboveLimit": "review",
        "refundOnCancel": false, "restockOnCancel": false, "notifyOnCancel": true, "staffNote": "See the handbook, 4"
        """

    @Test("which orders, which phones and how to cancel: kept as put, shown, and put again as shown")
    func kept() async throws {
        let bench = try Bench()
        #expect(await put(Self.scope, bench).status == 200)
        let settings = try #require(bench.directory[Bench.shop]?.installation?.settings)
        #expect(settings.orders == .cod && settings.minimumTotal == "49.90")
        #expect(settings.shippingCountries == ["DE", "AT"] && settings.onlyTags == ["check"])
        #expect(settings.exceptTags == ["VIP"] && settings.channels == ["web", "drafts"])
        #expect(settings.codGateways == ["Paga en casa"] && settings.skipVerified == true)
        #expect(settings.phoneSources == [.order, .billing] && settings.fixedLine == true && settings.voip == true)
        #expect(settings.aboveLimit == .review && settings.staffNote == "See the handbook, 4")
        #expect(
            settings.refundOnCancel == false && settings.restockOnCancel == false && settings.notifyOnCancel == true)

        let shown = try #require(try await bench.admin.get(bench.admin("GET"), Bench.shop).json()["settings"])
        let text = String(decoding: try JSONSerialization.data(withJSONObject: shown), as: UTF8.self)
        #expect(await put(String(text.dropFirst().dropLast()), bench).status == 200)
        var again = try #require(bench.directory[Bench.shop]?.installation?.settings)
        // Shown as its default, and then put.
        again.originBound = nil
        #expect(again == settings)
    }

    @Test("what is not set is shown as what is in effect")
    func defaults() async throws {
        let bench = try Bench()
        #expect(await put("", bench).status == 200)
        let shown = try #require(
            try await bench.admin.get(bench.admin("GET"), Bench.shop).json()["settings"] as? [String: Any])
        let expected: [String: Any] = [
            "minimumTotal": NSNull(), "shippingCountries": NSNull(), "onlyTags": NSNull(), "exceptTags": NSNull(),
            "channels": ["web"], "codGateways": [] as [String], "skipVerified": false,
            "phoneSources": ["shipping", "customer"], "fixedLine": false, "voip": false, "aboveLimit": "letThrough",
            "refundOnCancel": true, "restockOnCancel": true, "notifyOnCancel": false, "staffNote": NSNull(),
        ]
        #expect(shown.filter { expected.keys.contains($0.key) } as NSDictionary == expected as NSDictionary)
    }

    static func list(_ count: Int, _ entry: String = "a") -> String {
        "[" + (0..<count).map { #""\#(entry)\#($0)""# }.joined(separator: ", ") + "]"
    }

    static let bad: [(String, String)] = [
        (#""minimumTotal": 50"#, "minimumTotal"), (#""minimumTotal": "fifty""#, "minimumTotal"),
        (#""minimumTotal": "1,50""#, "minimumTotal"), (#""minimumTotal": "-1""#, "minimumTotal"),
        (#""minimumTotal": """#, "minimumTotal"), (#""minimumTotal": "1.""#, "minimumTotal"),
        (#""minimumTotal": "1234567890123""#, "minimumTotal"), (#""minimumTotal": "١""#, "minimumTotal"),
        (#""shippingCountries": []"#, "shippingCountries"), (#""shippingCountries": ["de"]"#, "shippingCountries"),
        (#""shippingCountries": "DE""#, "shippingCountries"), (#""onlyTags": []"#, "onlyTags"),
        (#""onlyTags": [""]"#, "onlyTags"), (#""onlyTags": [" "]"#, "onlyTags"),
        (#""onlyTags": \#(list(51))"#, "onlyTags"),
        (#""onlyTags": ["\#(String(repeating: "x", count: 41))"]"#, "onlyTags"),
        (#""exceptTags": ["a\nb"]"#, "exceptTags"), (#""exceptTags": \#(list(51))"#, "exceptTags"),
        (#""channels": [1]"#, "channels"), (#""channels": \#(list(51))"#, "channels"),
        (#""channels": "web""#, "channels"),
        (#""codGateways": ["\#(String(repeating: "x", count: 101))"]"#, "codGateways"),
        (#""skipVerified": "yes""#, "skipVerified"), (#""phoneSources": []"#, "phoneSources"),
        (#""phoneSources": ["order", "order"]"#, "phoneSources"), (#""phoneSources": ["note"]"#, "phoneSources"),
        (#""fixedLine": 1"#, "fixedLine"), (#""voip": null"#, "voip"), (#""aboveLimit": "block""#, "aboveLimit"),
        (#""refundOnCancel": "no""#, "refundOnCancel"), (#""restockOnCancel": 0"#, "restockOnCancel"),
        (#""notifyOnCancel": null"#, "notifyOnCancel"), (#""staffNote": """#, "staffNote"),
        (#""staffNote": "\#(String(repeating: "x", count: 101))""#, "staffNote"),
        (#""staffNote": "two\nlines""#, "staffNote"),
    ]

    @Test("a value nobody can mean is refused by its name, once", arguments: bad)
    func refused(settings: String, name: String) async throws {
        let bench = try Bench()
        let answer = await put(settings, bench)
        #expect(answer.status == 400)
        #expect(answer.errors.map { String($0.prefix { $0 != ":" }) } == ["settings.\(name)"])
        #expect(bench.sent.isEmpty)
    }

    static let good = [
        #""minimumTotal": "0""#, #""minimumTotal": "999999999999.123456""#, #""minimumTotal": null"#,
        #""channels": []"#, #""channels": \#(list(50))"#, #""exceptTags": []"#, #""codGateways": []"#,
        #""onlyTags": \#(list(50))"#, #""onlyTags": null"#, #""phoneSources": null"#,
        #""phoneSources": ["customerDefault", "customer", "billing", "shipping", "order"]"#,
        #""staffNote": "\#(String(repeating: "ü", count: 100))""#, #""staffNote": null"#,
    ]

    @Test("up to their limits they are taken", arguments: good)
    func taken(settings: String) async throws {
        #expect(await put(settings, try Bench()).status == 200)
    }
}
