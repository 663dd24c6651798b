import HTTP
import Model
import Pipeline
import Security
import Testing

@testable import Verifier

@Suite("Codes as they come")
struct CodeInputTests {
    static let numbers: [(String, [String])] = [
        ("123456", ["123456"]), ("123456.0", ["123456"]), ("1.23456e5", ["123456"]), ("12345", ["12345", "012345"]),
        ("42", ["0042", "000042"]), ("0", ["0000", "000000"]), ("1234567", ["1234567"]),
    ]

    @Test("of a number the zeros in front are asked for as well, once the owner has said how many digits there are")
    func numbers() async throws {
        for (number, codes) in Self.numbers {
            let answer = pendingAnswer(.wrongLength)
            let scripted = ScriptedDoor(answer)
            let (door, _) = scripted.door()
            let path = "/api/v1/verifications/\(scripted.token.text)/attempts"
            let response = await scripted.call("POST", path, body: "{\"code\":\(number)}", door)
            #expect(response.status == 400, "\(number)")
            let asked = try scripted.questions.map { question -> [String: String] in
                guard case .guess(let guess) = try AttemptMessage(Bench.arrived(question)) else { return [:] }
                return guess.fingerprints
            }
            let expected = codes.map { code in
                let pepper = Bench.keyring.current.pepper
                let mac = GuessMAC.mac(pepper: pepper, id: scripted.token.verificationId, code: code)
                return ["k1": Fingerprint.text(mac)]
            }
            #expect(asked == expected, "\(number)")
        }
    }

    @Test("digits that came as a text are what they are, and a number that is right is asked once")
    func noZeros() async {
        let answer = pendingAnswer(.wrongLength)
        let cases = [(answer, "\"12345\""), (pendingAnswer(.mismatch), "12345"), (pendingAnswer(.verified), "123456")]
        for (answer, code) in cases {
            let scripted = ScriptedDoor(answer)
            let (door, _) = scripted.door()
            let path = "/api/v1/verifications/\(scripted.token.text)/attempts"
            _ = await scripted.call("POST", path, body: "{\"code\":\(code)}", door)
            #expect(scripted.questions.count == 1)
        }
    }

    @Test(
        "codes as people type them",
        arguments: [
            ("123456", .success("123456")), (" 123 456 ", .success("123456")), ("123-456", .success("123456")),
            ("12\u{2013}34\u{2212}56", .success("123456")), ("\u{202B}١٢٣٤٥٦\u{202C}", .success("123456")),
            ("۱۲۳۴۵۶", .success("123456")), ("１２３４５６", .success("123456")), ("12345a", .failure(.notDigits)),
            ("123", .failure(.tooShort)), ("", .failure(.empty)), ("½23456", .failure(.notDigits)),
            ("12345678901", .failure(.tooLong)), ("\"123456\"", .success("123456")), ("'123456'", .success("123456")),
            ("“123456”", .success("123456")), ("„123456“", .success("123456")), ("«123 456»", .success("123456")),
            ("「123456」", .success("123456")), ("‹123456›,", .success("123456")), ("123,456", .success("123456")),
            ("123456.", .success("123456")), ("123456;", .success("123456")), ("(123456)", .success("123456")),
            ("#123456", .success("123456")), ("*123456*", .success("123456")), ("`123456`", .success("123456")),
            ("123456\u{3002}", .success("123456")), ("123\u{60C}456", .success("123456")),
            ("1\u{FE0F}2\u{FE0E}3456", .success("123456")), ("🔢 123456 ✅", .success("123456")),
            ("1\u{FE0F}\u{20E3}2\u{FE0F}\u{20E3}3\u{FE0F}\u{20E3}4\u{FE0F}\u{20E3}", .success("1234")),
            ("\u{1D7CE}\u{1D7CF}\u{1D7D0}\u{1D7D1}", .success("0123")), ("①②③④", .success("1234")),
            ("१२३४५६", .success("123456")), ("১২৩৪৫৬", .success("123456")), ("12\n3456\t", .success("123456")),
            ("\u{2066}123456\u{2069}", .success("123456")), ("123\u{200B}456\u{FEFF}", .success("123456")),
            ("12\u{FFFD}456", .failure(.notDigits)), ("Ⅻ3456", .failure(.notDigits)),
            ("code 123456", .failure(.notDigits)),
            ("一二三四", .failure(.notDigits)), ("O12345", .failure(.notDigits)), ("\"\"", .failure(.empty)),
        ] as [(String, Result<String, CodeInput.Problem>)])
    func typed(text: String, code: Result<String, CodeInput.Problem>) {
        #expect(CodeInput.read(text) == code)
    }
}
