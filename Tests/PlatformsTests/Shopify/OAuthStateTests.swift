import Platforms
import Security
import Testing

@Suite("The state of a code grant")
struct OAuthStateTests {
    private static let key = Secret([UInt8](repeating: 7, count: 32))
    private static let shop = "demo.myshopify.com"
    private static let now: Int64 = 1_795_000_000_000

    @Test("what was begun is accepted for ten minutes, for its shop, with its cookie")
    func accepted() {
        let states = OAuthState(idKey: Self.key)
        let begun = states.begin(shop: Self.shop, now: Self.now)
        #expect(begun.state.utf8.count == 22)
        func accepts(
            _ state: String?, _ cookie: String?, shop: String = Self.shop, after ms: Int64 = 0,
            by states: OAuthState = states
        ) -> Bool {
            states.accepts(state: state, cookie: cookie, shop: shop, now: Self.now + ms)
        }
        #expect(accepts(begun.state, begun.cookie))
        #expect(accepts(begun.state, begun.cookie, after: 599_000))
        #expect(!accepts(begun.state, begun.cookie, after: 600_000))
        #expect(!accepts(begun.state, begun.cookie, shop: "other.myshopify.com"))
        #expect(!accepts(nil, begun.cookie) && !accepts(begun.state, nil))
        #expect(!accepts("", begun.cookie) && !accepts(begun.state, ""))
        #expect(!accepts(begun.state, begun.cookie, by: OAuthState(idKey: Secret([UInt8](repeating: 8, count: 32)))))
        let other = states.begin(shop: Self.shop, now: Self.now)
        #expect(other.state != begun.state)
        #expect(!accepts(other.state, begun.cookie) && !accepts(begun.state, other.cookie))
    }

    @Test("a cookie that was changed anywhere is refused")
    func forged() {
        let states = OAuthState(idKey: Self.key)
        let begun = states.begin(shop: Self.shop, now: Self.now)
        let parts = begun.cookie.split(separator: ".").map(String.init)
        let forged = [
            "9999999999.\(parts[1]).\(parts[2])", "\(parts[0]).AAAAAAAAAAAAAAAAAAAAAA.\(parts[2])",
            "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])", begun.cookie + ".x", begun.cookie + "A",
            "x.\(parts[1]).\(parts[2])", "\(parts[0]).\(begun.state).\(begun.state)",
            "9223372036854775807.\(parts[1]).\(parts[2])", String(repeating: "a", count: 5000),
        ]
        for cookie in forged {
            #expect(!states.accepts(state: begun.state, cookie: cookie, shop: Self.shop, now: Self.now), "\(cookie)")
        }
    }
}
