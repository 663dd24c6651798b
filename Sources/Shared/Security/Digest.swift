import CCrypto

/// SHA-256 (FIPS 180-4), HMAC (RFC 2104) and HKDF (RFC 5869) by libcrypto. SHA-1 exists only inside the HMAC that
/// Twilio's signature asks for.
public enum Digest {
    /// 32 bytes.
    public static func sha256(_ data: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, filled in
            if EVP_Digest(data, data.count, buffer.baseAddress, nil, EVP_sha256(), nil) != 1 {
                libcryptoRefused("EVP_Digest")
            }
            filled = 32
        }
    }

    /// 32 bytes.
    public static func hmacSHA256(key: [UInt8], _ data: [UInt8]) -> [UInt8] {
        hmac(EVP_sha256(), size: 32, key: key, data)
    }

    /// 20 bytes.
    public static func hmacSHA1(key: [UInt8], _ data: [UInt8]) -> [UInt8] {
        hmac(EVP_sha1(), size: 20, key: key, data)
    }

    /// HKDF-SHA256, extract and expand. An empty salt means 32 zero bytes, as in the RFC; `count` is at most 8160.
    public static func hkdfSHA256(key: [UInt8], salt: [UInt8] = [], info: String, count: Int = 32) -> [UInt8] {
        hkdfSHA256(key: key, salt: salt, info: Array(info.utf8), count: count)
    }

    /// The same with an info that is not text.
    public static func hkdfSHA256(key: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        precondition((0...255 * 32).contains(count), "HKDF-SHA256 gives at most 8160 bytes")
        let pseudorandomKey = hmacSHA256(key: salt.isEmpty ? [UInt8](repeating: 0, count: 32) : salt, key)
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 0
        while output.count < count {
            counter += 1
            block = hmacSHA256(key: pseudorandomKey, block + info + [counter])
            output += block
        }
        return Array(output.prefix(count))
    }

    private static func hmac(_ type: OpaquePointer?, size: Int, key: [UInt8], _ data: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            if HMAC(type, key, Int32(key.count), data, data.count, buffer.baseAddress, nil) == nil {
                libcryptoRefused("HMAC")
            }
            filled = size
        }
    }
}
