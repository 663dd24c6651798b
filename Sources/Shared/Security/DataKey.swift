/// A shop's own key: everything that belongs to the shop is sealed under it, so that forgetting the key forgets the
/// shop. It leaves this type only wrapped; a blob opens only at the place (topic, record key, field) it was sealed for.
public struct DataKey: Masked, Equatable, Sendable {
    private let secret: Secret

    private init(_ secret: Secret) {
        self.secret = secret
    }

    /// A new random key.
    public static func generate() -> DataKey {
        DataKey(Secret(randomBytes(32)))
    }

    /// 60 bytes for the shop's record: sealed under the key ring's wrapping key, bound to the shop and the key's id.
    public func wrapped(by key: Keyring.Key, shop: String) -> [UInt8] {
        AESGCM.seal(secret.bytes, key: key.wrapping.bytes, associated: Self.wrappingPlace(key, shop))
    }

    /// Throws when the bytes were not made by ``wrapped(by:shop:)`` with this very key and shop.
    public init(unwrapping wrapped: [UInt8], by key: Keyring.Key, shop: String) throws(CryptoError) {
        let bytes = try AESGCM.open(wrapped, key: key.wrapping.bytes, associated: Self.wrappingPlace(key, shop))
        guard bytes.count == 32 else { throw CryptoError(.wrongKeySize) }
        self.secret = Secret(bytes)
    }

    public func seal(_ plain: [UInt8], topic: String, key: String, field: String) -> [UInt8] {
        AESGCM.seal(plain, key: secret.bytes, associated: lengthPrefixed(topic, key, field))
    }

    public func open(
        _ sealed: [UInt8], topic: String, key: String, field: String
    ) throws(CryptoError) -> [UInt8] {
        try AESGCM.open(sealed, key: secret.bytes, associated: lengthPrefixed(topic, key, field))
    }

    private static func wrappingPlace(_ key: Keyring.Key, _ shop: String) -> [UInt8] {
        lengthPrefixed("otp-guard/data-key/v1", key.id, shop)
    }
}
