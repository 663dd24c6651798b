import Testing

@testable import Sandbox

@Suite("What a shopper reads in a text")
struct TextPartsTests {
    @Test(
        "is the code, the link and its token",
        arguments: [
            ("123456 is your Demo Shop code.\n\n@otp.example.com #123456", "123456", nil, nil),
            (
                "Order #1101: your code is 0042. Open https://o.example/v/ab-cd?x=1", "0042",
                "https://o.example/v/ab-cd?x=1", "ab-cd"
            ),
            (
                "Shop 2025: http://127.0.0.1:8083/v/ab-cd\n@127.0.0.1 #654321", "654321",
                "http://127.0.0.1:8083/v/ab-cd", "ab-cd"
            ),
            ("Code (998877), thanks!", "998877", nil, nil), ("رمزك هو 123456، صالح", "123456", nil, nil),
            ("no code 12 here", nil, nil, nil),
        ] as [(String, String?, String?, String?)])
    func parts(_ body: String, _ code: String?, _ link: String?, _ token: String?) {
        let parts = TextParts(body)
        #expect(parts.code == code)
        #expect(parts.link == link)
        #expect(parts.token == token)
    }
}
