import CCrypto

/// AES-256-GCM (NIST SP 800-38D) with random nonces: 12 bytes nonce, the ciphertext, 16 bytes tag. One key is good for
/// 2^32 messages (8.3 there). What was changed, moved or sealed under another key does not open.
public enum AESGCM {
    static let nonceSize = 12
    static let tagSize = 16

    /// A key that is not 32 bytes is a bug and traps.
    public static func seal(_ plain: [UInt8], key: [UInt8], associated: [UInt8]) -> [UInt8] {
        seal(plain, key: key, nonce: randomBytes(nonceSize), associated: associated)
    }

    /// With a given nonce, for published vectors only: a nonce used twice gives the key away.
    static func seal(_ plain: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8]) -> [UInt8] {
        precondition(key.count == 32 && nonce.count == nonceSize, "AES-256-GCM wants 32 and 12 bytes")
        guard let context = EVP_CIPHER_CTX_new() else { libcryptoRefused("EVP_CIPHER_CTX_new") }
        defer { EVP_CIPHER_CTX_free(context) }
        var sealed = nonce + [UInt8](repeating: 0, count: plain.count + tagSize)
        var written: Int32 = 0
        let done = sealed.withUnsafeMutableBufferPointer { buffer -> Bool in
            guard let start = buffer.baseAddress else { return false }
            let tag = start + nonceSize + plain.count
            return EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
                && (associated.isEmpty
                    || EVP_EncryptUpdate(context, nil, &written, associated, Int32(associated.count)) == 1)
                && (plain.isEmpty
                    || EVP_EncryptUpdate(context, start + nonceSize, &written, plain, Int32(plain.count)) == 1)
                && EVP_EncryptFinal_ex(context, tag, &written) == 1
                && EVP_CIPHER_CTX_ctrl(context, Int32(OTP_GCM_GET_TAG), Int32(tagSize), tag) == 1
        }
        guard done else { libcryptoRefused("EVP_Encrypt") }
        return sealed
    }

    /// The plain bytes, only after the tag was found right.
    public static func open(
        _ sealed: [UInt8], key: [UInt8], associated: [UInt8]
    ) throws(CryptoError) -> [UInt8] {
        guard key.count == 32 else { throw CryptoError(.wrongKeySize) }
        let count = sealed.count - nonceSize - tagSize
        guard count >= 0 else { throw CryptoError(.truncated) }
        guard let context = EVP_CIPHER_CTX_new() else { libcryptoRefused("EVP_CIPHER_CTX_new") }
        defer { EVP_CIPHER_CTX_free(context) }
        let nonce = Array(sealed.prefix(nonceSize))
        let cipher = Array(sealed[nonceSize..<nonceSize + count])
        var tag = Array(sealed.suffix(tagSize))
        // One byte more than needed, so that the address of an empty message is not null.
        var plain = [UInt8](repeating: 0, count: count + 1)
        var written: Int32 = 0
        let prepared =
            EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
            && (associated.isEmpty
                || EVP_DecryptUpdate(context, nil, &written, associated, Int32(associated.count)) == 1)
            && (cipher.isEmpty || EVP_DecryptUpdate(context, &plain, &written, cipher, Int32(count)) == 1)
            && EVP_CIPHER_CTX_ctrl(context, Int32(OTP_GCM_SET_TAG), Int32(tagSize), &tag) == 1
        guard prepared else { libcryptoRefused("EVP_Decrypt") }
        var end = [UInt8](repeating: 0, count: tagSize)
        guard EVP_DecryptFinal_ex(context, &end, &written) == 1 else { throw CryptoError(.notAuthentic) }
        plain.removeLast()
        return plain
    }
}
