import Foundation
import Testing

@testable import Security

@Suite struct IdentityKeyTests {
    private let key = IdentityKey(Secret(knownKey))

    private var token: LinkToken {
        key.token(platform: "shopify", shop: "demo.myshopify.com", order: "gid://shopify/Order/1001")
    }

    @Test("token, verification id and hashes are those of an independent computation, for ever")
    func known() {
        #expect(token.text == "e41377f6-726d-8b5f-849b-5e5534d61b34")
        #expect(token.verificationId.uuidString.lowercased() == "6a762180-a14d-855f-b64f-dd27686e4de1")
        #expect(key.phoneHash("+14155550123") == "VzJTt6z5sRDrUmJLwENc0Q")
        #expect(key.rangeHash("+14155550123") == "MED6CaePL8tCE5KSArlO1g")
        #expect(key.customerHash(shop: "demo.myshopify.com", customer: "7001") == "gJe8FvCFqsVW6MNmqMWNEA")
    }

    @Test("every order has its own token, and where one text ends is part of it")
    func different() {
        let texts = [
            token, key.token(platform: "shopify", shop: "demo.myshopify.com", order: "gid://shopify/Order/1002"),
            key.token(platform: "generic", shop: "demo.myshopify.com", order: "gid://shopify/Order/1001"),
            key.token(platform: "shopify", shop: "demo.myshopify.comg", order: "id://shopify/Order/1001"),
            IdentityKey(Secret(bytes(7, 32)))
                .token(platform: "shopify", shop: "demo.myshopify.com", order: "gid://shopify/Order/1001"),
        ].map(\.text)
        #expect(Set(texts).count == texts.count)
    }

    @Test("numbers of one range share its hash, which is not the phone's")
    func ranges() {
        #expect(key.rangeHash("+14155550123") == key.rangeHash("+14155559999"))
        #expect(key.rangeHash("+14155550123") != key.rangeHash("+14155560123"))
        #expect(key.phoneHash("+1415555") != key.rangeHash("+14155550123"))
    }

    @Test("tokens are UUIDs version 8 and are accepted in lower and upper case")
    func accepted() throws {
        for number in 0..<1000 {
            let made = key.token(platform: "shopify", shop: "a", order: String(number))
            let text = made.text
            #expect(Array(text)[14] == "8" && "89ab".contains(Array(text)[19]) && text == text.lowercased())
            #expect(key.accept(text) == made)
            #expect(key.accept(text.uppercased())?.text == text)
        }
    }

    @Test("a token with any one bit changed is refused")
    func forged() throws {
        let good = try #require(UUID(uuidString: token.text)).bytes
        for bit in 0..<128 {
            var bad = good
            bad[bit / 8] ^= 1 << UInt8(bit % 8)
            let text = bad.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }.uuidString
            #expect(key.accept(text) == nil, "bit \(bit)")
        }
        #expect(IdentityKey(Secret(bytes(7, 32))).accept(token.text) == nil)
    }

    @Test(
        "what is not the text of a UUID is refused",
        arguments: [
            "", "e41377f6726d8b5f849b5e5534d61b34", "{e41377f6-726d-8b5f-849b-5e5534d61b34}",
            "e41377f6-726d-8b5f-849b-5e5534d61b3", "e41377f6-726d-8b5f-849b-5e5534d61b340",
            "e41377f67-26d-8b5f-849b-5e5534d61b34", "e41377f6-726d-8b5f-849b-5e5534d61b3g",
            " e41377f6-726d-8b5f-849b-5e5534d61b3", "e41377f6+726d-8b5f-849b-5e5534d61b34",
            "e41377f6-726d-8b5f-849b-5e5534d61b３", "e41377f6-726d-8b5f-849b-5e5534d61b3\0",
            "+41377f6-726d-8b5f-849b-5e5534d61b34", "0x1377f6-726d-8b5f-849b-5e5534d61b34",
        ])
    func malformed(_ text: String) {
        #expect(key.accept(text) == nil)
    }
}
