import Model
import Platforms
import Testing

@Suite("Phones of an order")
struct ShopifyOrderPhonesTests {
    struct File: Decodable {
        struct Row: Decodable {
            struct Candidate: Decodable {
                let path: String
                let raw: String
                let e164: String?
                let type: String?
                /// Of its own address; as told by the hint where it is not given.
                let country: String?
                let others: [String]?
            }

            let file: String
            let countryHint: String?
            let candidates: [Candidate]
        }

        let rows: [Row]
    }

    static func rows() throws -> [File.Row] {
        try Vectors.decode(File.self, "shopify/expected-phone-candidates.json").rows
    }

    @Test("The candidates stand in order, with the country of the address", arguments: Vectors.orders)
    func candidates(file: String) throws {
        let expected = try #require(try Self.rows().first { $0.file == file })
        let order = try ShopifyOrder.decode(Vectors.bytes("shopify/\(file)"))
        #expect(order.countryHint == expected.countryHint)
        #expect(
            order.phoneCandidates([.order, .shipping, .billing, .customer, .customerDefault])
                == expected.candidates.map {
                    PhoneCandidate(
                        path: $0.path, raw: $0.raw, country: $0.country ?? expected.countryHint,
                        others: $0.others ?? [])
                })
    }

    @Test("Each is the number and the type that libphonenumber says")
    func numbers() throws {
        for row in try Self.rows() {
            for candidate in row.candidates {
                let number: PhoneNumber? =
                    switch PhoneNumber.normalise(candidate.raw, country: candidate.country ?? row.countryHint) {
                    case .success(let number): number
                    case .failure: nil
                    }
                #expect(number?.e164 == candidate.e164, "\(row.file) \(candidate.path)")
                #expect(number?.type.rawValue == candidate.type, "\(row.file) \(candidate.path)")
            }
        }
    }

    @Test("The country is the shipping address's, else the billing's, else the default address's")
    func countryHint() throws {
        var order = try ShopifyOrder.decode(Array(#"{"id":1,"created_at":"2026-11-20T10:00:00Z","phone":"1"}"#.utf8))
        #expect(order.phoneCandidates().map(\.country) == [nil])
        order.defaultAddress = .init(phone: nil, countryCode: "FR")
        #expect(order.countryHint == "FR")
        order.billing = .init(phone: nil, countryCode: "DE")
        #expect(order.countryHint == "DE")
        order.shipping = .init(phone: nil, countryCode: nil)
        #expect(order.countryHint == "DE")
        order.shipping = .init(phone: nil, countryCode: "IN")
        #expect(order.phoneCandidates().map(\.country) == ["IN"])
    }

    @Test("Each phone has the country of its own address, the others' stand behind it")
    func ownCountry() throws {
        var order = try ShopifyOrder.decode(Array(#"{"id":1,"created_at":"2026-11-20T10:00:00Z","phone":"1"}"#.utf8))
        order.shipping = .init(phone: "2", countryCode: "AT")
        order.billing = .init(phone: "3", countryCode: "DE")
        order.defaultAddress = .init(phone: "5", countryCode: "CH")
        order.customerPhone = "4"
        func countries() -> [String: [String?]] {
            Dictionary(uniqueKeysWithValues: order.phoneCandidates().map { ($0.raw, [$0.country] + $0.others) })
        }
        #expect(
            countries() == [
                "1": ["AT", "DE", "CH"], "2": ["AT", "DE", "CH"], "3": ["DE", "AT", "CH"], "4": ["CH", "AT", "DE"],
                "5": ["CH", "AT", "DE"],
            ])
        order.billing = .init(phone: "3", countryCode: nil)
        order.defaultAddress = .init(phone: "5", countryCode: "AT")
        #expect(countries() == ["1": ["AT"], "2": ["AT"], "3": ["AT"], "4": ["AT"], "5": ["AT"]])
    }

    @Test("The places asked for are looked at, in their order, and no other")
    func places() throws {
        let order = try ShopifyOrder.decode(Vectors.bytes("shopify/orders-create-01-us-top-level-phone.json"))
        #expect(order.phoneCandidates([.customer, .order]).map(\.path) == ["customer.phone", "phone"])
        #expect(order.phoneCandidates([]).isEmpty)
        #expect(order.phoneCandidates() == order.phoneCandidates(ShopSettings.PhoneSource.allCases))
    }

    @Test("A phone of blanks is none")
    func blanks() {
        let body =
            #"{"id":1,"created_at":"2026-11-20T10:00:00Z","phone":"  ","billing_address":{"phone":"1","country_code":"FR"}}"#
        #expect(throws: Never.self) {
            let candidates = try ShopifyOrder.decode(Array(body.utf8)).phoneCandidates()
            #expect(candidates == [PhoneCandidate(path: "billing_address.phone", raw: "1", country: "FR")])
        }
    }
}
