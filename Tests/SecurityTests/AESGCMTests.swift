import Testing

@testable import Security

struct SealVector: Sendable {
    let key: [UInt8]
    let nonce: [UInt8]
    let plain: [UInt8]
    let associated: [UInt8]
    /// Ciphertext and tag.
    let sealed: [UInt8]
}

private let key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
private let nonce = hex("cafebabefacedbaddecaf888")
private let plain = hex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255")

/// Test cases 13 to 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega).
private let vectors = [
    SealVector(
        key: bytes(0, 32), nonce: bytes(0, 12), plain: [], associated: [],
        sealed: hex("530f8afbc74536b9a963b4f1c4cb738b")),
    SealVector(
        key: bytes(0, 32), nonce: bytes(0, 12), plain: bytes(0, 16), associated: [],
        sealed: hex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")),
    SealVector(
        key: key, nonce: nonce, plain: plain, associated: [],
        sealed: hex(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
                + "b094dac5d93471bdec1a502270e3cc6c")),
    SealVector(
        key: key, nonce: nonce, plain: Array(plain.prefix(60)),
        associated: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        sealed: hex(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b")),
]

@Suite struct AESGCMTests {
    @Test("sealing gives the published answers, and they open", arguments: vectors)
    func known(_ vector: SealVector) throws {
        let sealed = AESGCM.seal(
            vector.plain, key: vector.key, nonce: vector.nonce, associated: vector.associated)
        #expect(sealed == vector.nonce + vector.sealed)
        #expect(try AESGCM.open(sealed, key: vector.key, associated: vector.associated) == vector.plain)
    }

    @Test("one changed bit anywhere, in nonce, text or tag, does not open", arguments: vectors)
    func tampered(_ vector: SealVector) {
        let sealed = vector.nonce + vector.sealed
        for bit in 0..<sealed.count * 8 {
            var changed = sealed
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: CryptoError(.notAuthentic)) {
                try AESGCM.open(changed, key: vector.key, associated: vector.associated)
            }
        }
    }

    @Test("another key, other associated data or a cut message do not open")
    func misplaced() {
        let sealed = AESGCM.seal([1, 2, 3], key: key, associated: [7])
        #expect(throws: CryptoError(.notAuthentic)) { try AESGCM.open(sealed, key: knownKey, associated: [7]) }
        #expect(throws: CryptoError(.notAuthentic)) { try AESGCM.open(sealed, key: key, associated: [8]) }
        #expect(throws: CryptoError(.notAuthentic)) { try AESGCM.open(sealed, key: key, associated: []) }
        #expect(throws: CryptoError(.notAuthentic)) {
            try AESGCM.open(Array(sealed.dropLast()), key: key, associated: [7])
        }
        #expect(throws: CryptoError(.truncated)) {
            try AESGCM.open(Array(sealed.prefix(27)), key: key, associated: [7])
        }
        #expect(throws: CryptoError(.wrongKeySize)) {
            try AESGCM.open(sealed, key: Array(key.prefix(16)), associated: [7])
        }
    }

    @Test("every sealing has its own nonce")
    func nonces() {
        let all = (0..<100).map { _ in Array(AESGCM.seal([], key: key, associated: []).prefix(12)) }
        #expect(Set(all).count == 100)
    }
}
