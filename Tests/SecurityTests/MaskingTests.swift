import Foundation
import Testing

@testable import Security

/// Something that holds all that must not be seen, as a daemon's own types do.
private struct Holder {
    let secret = Secret(text: "opensesame")
    let optional: Secret? = Secret(text: "opensesame")
    let list = [Secret(text: "opensesame")]
    let code = CodeText(digits: "481516")
    let token = IdentityKey(Secret(knownKey))
        .token(platform: "shopify", shop: "demo.myshopify.com", order: "gid://shopify/Order/1001")
    let ring = try? Keyring(parsing: "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    let identity = IdentityKey(Secret(knownKey))
    let dataKey = try? DataKey(
        unwrapping: DataKey.generate().wrapped(by: Keyring.Key(id: "k", bytes: knownKey), shop: "a"),
        by: Keyring.Key(id: "k", bytes: knownKey), shop: "a")
}

@Suite struct MaskingTests {
    @Test("a secret shows three dots, however it is printed")
    func direct() {
        let secret = Secret(text: "opensesame")
        #expect("\(secret)" == "•••")
        #expect(String(describing: secret) == "•••")
        #expect(String(reflecting: secret) == "•••")
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect("\(CodeText(digits: "481516"))" == "•••")
        #expect(secret.text == "opensesame")
    }

    @Test("what holds secrets does not show them either: printed, debug-printed, dumped")
    func nested() throws {
        let holder = Holder()
        #expect(holder.ring != nil && holder.dataKey != nil)
        var dumped = ""
        dump(holder, to: &dumped)
        for text in ["\(holder)", String(reflecting: holder), dumped] {
            #expect(text.contains("•••"))
            for seen in ["opensesame", "481516", "e41377f6", "AAEC", "111, 112", "0, 1, 2", "224, 138"] {
                #expect(!text.contains(seen), "\(seen) in \(text)")
            }
        }
    }

    @Test("secrets are compared by content")
    func equality() {
        #expect(Secret([1, 2]) == Secret([1, 2]))
        #expect(Secret([1, 2]) != Secret([1, 3]))
    }
}
