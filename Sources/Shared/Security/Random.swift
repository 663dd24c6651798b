import CCrypto

/// `count` bytes from libcrypto's generator, fit for keys. A generator that fails ends the process: nothing that needs
/// randomness may go on without it.
public func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        if count > 0, RAND_bytes(buffer.baseAddress, Int32(count)) != 1 { libcryptoRefused("RAND_bytes") }
        filled = count
    }
}

/// Whether both are the same, in a time that depends on their lengths only.
public func constantTimeEquals(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
}
