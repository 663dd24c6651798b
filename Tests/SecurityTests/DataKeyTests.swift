import Testing

@testable import Security

@Suite struct DataKeyTests {
    private let first = Keyring.Key(id: "one", bytes: knownKey)
    private let second = Keyring.Key(id: "two", bytes: Array(32..<64))
    private let renamed = Keyring.Key(id: "three", bytes: knownKey)

    @Test("a wrapped key comes back under the same key and shop only")
    func wrapping() throws {
        let key = DataKey.generate()
        let wrapped = key.wrapped(by: first, shop: "a.myshopify.com")
        #expect(wrapped.count == 60)
        #expect(try DataKey(unwrapping: wrapped, by: first, shop: "a.myshopify.com") == key)
        for (ring, shop) in [(first, "b.myshopify.com"), (second, "a.myshopify.com"), (renamed, "a.myshopify.com")] {
            #expect(throws: CryptoError(.notAuthentic)) {
                try DataKey(unwrapping: wrapped, by: ring, shop: shop)
            }
        }
        #expect(throws: CryptoError(.truncated)) { try DataKey(unwrapping: [], by: first, shop: "a.myshopify.com") }
    }

    @Test("a sealed field opens only at its own topic, record and field, under its own shop's key")
    func sealing() throws {
        let key = DataKey.generate()
        let plain = Array("+14155550123".utf8)
        let sealed = key.seal(plain, topic: "otp.records", key: "id", field: "phone")
        #expect(try key.open(sealed, topic: "otp.records", key: "id", field: "phone") == plain)
        for (topic, record, field) in [
            ("otp.requests", "id", "phone"), ("otp.records", "other", "phone"), ("otp.records", "id", "name"),
            ("otp.recordsi", "d", "phone"),
        ] {
            #expect(throws: CryptoError(.notAuthentic)) {
                try key.open(sealed, topic: topic, key: record, field: field)
            }
        }
        #expect(throws: CryptoError(.notAuthentic)) {
            try DataKey.generate().open(sealed, topic: "otp.records", key: "id", field: "phone")
        }
    }

    @Test("wrapping something that is no 32-byte key is refused")
    func wrongSize() {
        let place = lengthPrefixed("otp-guard/data-key/v1", first.id, "a")
        let wrapped = AESGCM.seal([1, 2, 3], key: first.wrapping.bytes, associated: place)
        #expect(throws: CryptoError(.wrongKeySize)) { try DataKey(unwrapping: wrapped, by: first, shop: "a") }
    }
}
