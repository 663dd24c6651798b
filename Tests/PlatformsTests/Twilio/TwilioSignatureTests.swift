import Foundation
import HTTP
import Platforms
import Security
import Testing

@Suite("Twilio's signature")
struct TwilioSignatureTests {
    struct File: Decodable {
        let authToken: String
        let formVectors: [FormVector]
        let jsonVectors: [JSONVector]
    }

    struct FormVector: Decodable, Sendable, CustomTestStringConvertible {
        enum Value: Decodable {
            case one(String)
            case many([String])

            init(from decoder: any Decoder) throws {
                let box = try decoder.singleValueContainer()
                if let text = try? box.decode(String.self) {
                    self = .one(text)
                } else {
                    self = .many(try box.decode([String].self))
                }
            }

            var all: [String] {
                switch self {
                case .one(let text): [text]
                case .many(let texts): texts
                }
            }
        }

        let urlSigned: String?
        let requestUrl: String?
        let acceptForRequestUrl: String?
        let params: [String: Value]
        let signature: String

        var testDescription: String { signature }
        var parameters: [(String, String)] { params.flatMap { name, value in value.all.map { (name, $0) } } }
        var urls: [String] { [urlSigned, requestUrl, acceptForRequestUrl].compactMap { $0 } }
    }

    struct JSONVector: Decodable {
        let url: String
        let body: String
        let signature: String
    }

    struct Callbacks: Decodable {
        struct Callback: Decodable {
            let encodedBody: String
            let signature: String

            enum CodingKeys: String, CodingKey {
                case encodedBody
                case signature = "X-Twilio-Signature"
            }
        }

        let urlSigned: String
        let callbacks: [Callback]
    }

    static let file = Result { try Vectors.decode(File.self, "twilio/signature-vectors.json") }
    static let token = Secret(text: "12345")

    @Test("The vectors are all there")
    func count() throws {
        let file = try Self.file.get()
        #expect(file.formVectors.count == 6)
        #expect(file.jsonVectors.count == 1)
        #expect(Secret(text: file.authToken) == Self.token)
    }

    @Test(
        "A form's vector is accepted for every URL it names, and refused when anything differs",
        arguments: try file.get().formVectors)
    func forms(vector: FormVector) {
        for url in vector.urls {
            #expect(validate(url, vector.parameters, vector.signature))
            #expect(validate(url + "#rc=5&rp=all", vector.parameters, vector.signature), "a fragment is not signed")
            #expect(validate(url, vector.parameters.reversed(), vector.signature), "order does not matter")
            #expect(!validate(url + "&x=1", vector.parameters, vector.signature))
            #expect(!validate(url, vector.parameters + [("New", "1")], vector.signature))
            #expect(!validate(url, vector.parameters.filter { $0.0 != vector.parameters.first?.0 }, vector.signature))
            #expect(!validate(url, vector.parameters, String(vector.signature.dropLast())))
            #expect(!validate(url, vector.parameters, nil))
        }
        if let url = vector.urlSigned {
            #expect(
                TwilioSignature.sign(url: url, parameters: vector.parameters, token: Self.token) == vector.signature)
        }
    }

    @Test("While a token is rotated, any of the list will do")
    func rotation() throws {
        let vector = try #require(try Self.file.get().formVectors.first)
        let url = try #require(vector.urlSigned)
        let other = Secret(text: "other")
        for tokens in [[other, Self.token], [Self.token, other]] {
            #expect(
                TwilioSignature.validate(
                    url: url, parameters: vector.parameters, signature: vector.signature, tokens: tokens))
        }
        for tokens in [[], [other]] {
            #expect(
                !TwilioSignature.validate(
                    url: url, parameters: vector.parameters, signature: vector.signature, tokens: tokens))
        }
    }

    @Test("A body that is no form is covered by its digest in the URL")
    func json() throws {
        let vector = try #require(try Self.file.get().jsonVectors.first)
        func validate(_ url: String, _ body: String, _ signature: String?) -> Bool {
            TwilioSignature.validate(
                url: url, body: Array(body.utf8), signature: signature, tokens: [Self.token])
        }
        #expect(validate(vector.url, vector.body, vector.signature))
        #expect(!validate(vector.url, vector.body + " ", vector.signature))
        #expect(!validate(vector.url, vector.body, nil))
        #expect(!validate(vector.url.replacing("bar=2", with: "bar=3"), vector.body, vector.signature))
        let bare = "https://mycompany.com/myapp.php?foo=1&bar=2"
        #expect(!validate(bare, vector.body, TwilioSignature.sign(url: bare, parameters: [], token: Self.token)))
        #expect(!validate("https://mycompany.com/myapp.php", vector.body, vector.signature))
    }

    @Test("The sample callbacks are signed as they arrive at the door")
    func callbacks() throws {
        let file = try Vectors.decode(Callbacks.self, "twilio/status-callbacks.json")
        #expect(file.callbacks.count == 11)
        for callback in file.callbacks {
            let request = HTTPRequest(method: "POST", target: "/", body: Array(callback.encodedBody.utf8))
            #expect(validate(file.urlSigned, request.formFields(), callback.signature))
        }
    }

    @Test(
        "The port may be there or not, on either side",
        arguments: [
            ("https://a.example/x", "https://a.example:443/x"), ("http://a.example/x", "http://a.example:80/x"),
            ("https://a.example:8443/x", "https://a.example/x"), ("https://[::1]:8443/x", "https://[::1]/x"),
            ("https://[::1]/x", "https://[::1]:443/x"), ("https://a.example?x=1:2", "https://a.example:443?x=1:2"),
            ("https://a.example", "https://a.example:443"),
        ])
    func ports(requested: String, signed: String) {
        let signature = TwilioSignature.sign(url: signed, parameters: [], token: Self.token)
        #expect(validate(requested, [], signature))
    }

    @Test("what can't be Twilio's by its sizes is told before anything is read")
    func sizes() {
        let good = String(repeating: "a", count: 28)
        func body(_ fields: Int) -> [UInt8] {
            Array((0..<fields).map { "F\($0)=x" }.joined(separator: "&").utf8)
        }
        for (signature, fields, isWorth) in [
            (good, 0, true), (good, 40, true), (good, 100, true), (good, 101, false), (good, 14_000, false),
            ("", 1, false), (String(good.dropLast()), 1, false), (good + "=", 1, false), (nil, 1, false),
        ] as [(String?, Int, Bool)] {
            #expect(
                TwilioSignature.isWorthReading(signature: signature, body: body(fields)) == isWorth, "\(fields) fields")
        }
        let many = (0..<101).map { ("F\($0)", "x") }
        let signed = TwilioSignature.sign(url: "https://a.example/x", parameters: many, token: Self.token)
        #expect(!validate("https://a.example/x", many, signed))
        #expect(
            validate(
                "https://a.example/x", Array(many.dropLast()),
                TwilioSignature.sign(url: "https://a.example/x", parameters: Array(many.dropLast()), token: Self.token))
        )
    }

    @Test("the largest form costs little, and twice as many bytes about twice as much")
    func work() {
        func time(_ bytes: Int) -> Duration {
            let form = (0..<100).map { ("Field\($0 * 7919 % 100)", String(repeating: "v", count: bytes / 100)) }
            let clock = ContinuousClock()
            return (0..<5).map { _ in
                clock.measure {
                    _ = validate("https://a.example:8443/x", form, String(repeating: "a", count: 28))
                }
            }.min() ?? .zero
        }
        _ = time(6_000)
        let (small, large) = (time(30_000), time(60_000))
        #expect(large < .milliseconds(20), "\(large)")
        #expect(large < small * 4 + .milliseconds(2), "\(small), \(large)")
    }

    @Test("values of one name that differ only in how they are composed are two")
    func composed() {
        let url = "https://a.example/x"
        let (one, two) = ([("Body", "\u{e9}"), ("Body", "e\u{301}")], [("Body", "\u{e9}")])
        let sign = { TwilioSignature.sign(url: url, parameters: $0, token: Self.token) }
        #expect(sign(one) != sign(two) && sign(one) == sign(one.reversed()))
    }

    private func validate(_ url: String, _ parameters: [(String, String)], _ signature: String?) -> Bool {
        TwilioSignature.validate(url: url, parameters: parameters, signature: signature, tokens: [Self.token])
    }
}
