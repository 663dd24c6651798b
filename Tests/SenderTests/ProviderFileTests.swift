import Foundation
import Model
import Runtime
import Testing

@testable import Sender

@Suite("The operator's list of providers")
struct ProviderFileTests {
    static let acme = """
        {"name": "acme", "type": "http", "url": "https://api.example.com/sms", "headers": {"X-Key": {"file": "/key"}},
         "body": {"to": "{{to}}", "text": "{{text}}"}}
        """

    private func read(_ text: String) throws -> ProviderFile {
        try ProviderFile(parsing: Array(text.utf8), file: { $0 == "/key" ? Array("s3cret\n".utf8) : nil })
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch let problems as ProviderFile.Problems {
            return problems.list
        } catch {
            return ["\(error)"]
        }
    }

    @Test("providers, their order by country and the countries that report are read")
    func whole() throws {
        let file = try read(
            """
            {"providers": [{"name": "twilio", "type": "twilio"}, \(Self.acme)],
             "order": {"default": ["twilio", "acme"], "PK": ["acme"]}, "receipts": ["US"], "receiptSeconds": 60}
            """)
        #expect(file.providers.map(\.name) == ["twilio", "acme"])
        #expect(file.order.names(for: "US") == ["twilio", "acme"])
        #expect(file.order.names(for: nil) == ["twilio", "acme"])
        #expect(file.order.names(for: "PK") == ["acme"])
        #expect(file.reports.waitMs(for: "US") == 60_000)
        #expect(file.reports.waitMs(for: "PK") == nil)
        #expect(file.reports.waitMs(for: nil) == nil)
        #expect(file.reports.silent == ["acme"])
        #expect(!"\(file)".contains("s3cret"))
    }

    @Test("without an order the list is the order, and nobody is waited for")
    func short() throws {
        let file = try read(#"{"providers": [\#(Self.acme), {"type": "twilio"}]}"#)
        #expect(file.order == ProviderOrder(otherwise: ["acme", "twilio"]))
        #expect(file.reports.countries.isEmpty)
    }

    @Test(
        "each mistake is named",
        arguments: [
            ("{", "it is no JSON"), ("[]", " must be an object"),
            (#"{"providers": []}"#, "providers must be a list with at least one provider"),
            (#"{"providers": [{"type": "sms"}]}"#, "providers[0].type must be twilio or http"),
            (#"{"providers": [{"name": "x"}]}"#, "providers[0].type is missing"),
            (#"{"providers": [{"type": "twilio", "sid": 1}]}"#, "providers[0].sid is not known"),
            (
                #"{"providers": [{"type": "twilio"}, {"type": "twilio", "name": "b"}]}"#,
                "providers has more than one of type twilio"
            ),
            (#"{"providers": [ACME, ACME]}"#, "providers has more than one acme"),
            (
                #"{"providers": [ACME], "order": {"default": ["twilio"]}}"#,
                "order.default names twilio, which is not there"
            ),
            (
                #"{"providers": [ACME], "order": {"default": []}}"#,
                "order.default must be a list of different providers' names"
            ),
            (
                #"{"providers": [ACME], "order": {"us": ["acme"]}}"#,
                "order.us is no country (two upper-case letters) and not default"
            ),
            (
                #"{"providers": [ACME], "order": {"ZZ": ["acme"]}}"#,
                "order.ZZ is no country (two upper-case letters) and not default"
            ),
            (
                #"{"providers": [ACME, {"type": "twilio"}], "receipts": ["XX"]}"#,
                "receipts names XX, which is no country"
            ),
            (#"{"providers": [ACME], "receipts": ["US"]}"#, "receipts names US, which has no second provider"),
            (
                #"{"providers": [ACME, {"type": "twilio"}], "receipts": ["US"]}"#,
                "receipts names US, where no provider that reports stands before another"
            ),
            (
                #"{"providers": [{"type": "sms"}], "order": {"US": ["acme"]}, "receipts": ["US"]}"#,
                "providers[0].type must be twilio or http"
            ),
            (#"{"providers": [ACME], "receiptSeconds": 1}"#, "receiptSeconds must be a whole number from 10 to 3600"),
            (#"{"providers": [ACME], "orders": {}}"#, "orders is not known"),
        ])
    func mistakes(_ text: String, _ problem: String) {
        let text = text.replacingOccurrences(of: "ACME", with: Self.acme)
        #expect(problems(text).contains(problem))
        #expect(problems(text).count == (text == "[]" ? 2 : 1))
    }

    @Test("the configuration is refused with all of the file's mistakes, and one that can't be read as well")
    func configuration() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "providers-\(UUID().uuidString).json")
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: path) } }
        try Data(#"{"providers": [{"type": "sms"}], "foo": 1}"#.utf8).write(to: path)
        guard case .custom(let check) = SenderParameters.providers.kind else { Issue.record(); return }
        #expect(
            check(path.path) == "names a file with mistakes: providers[0].type must be twilio or http; foo is not known"
        )
        #expect(check("/nowhere/at/all") == "names a file with mistakes: it can't be read")
        try Data(#"{"providers": [{"type": "twilio"}]}"#.utf8).write(to: path)
        #expect(check(path.path) == nil)
        #expect(try ProviderFile(at: path.path).providers == [.twilio(name: "twilio")])
    }
}
