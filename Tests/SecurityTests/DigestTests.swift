import Testing

@testable import Security

struct MACVector: Sendable {
    let key: [UInt8]
    let data: [UInt8]
    let mac: [UInt8]
}

struct KeyDerivationVector: Sendable {
    let key: [UInt8]
    let salt: [UInt8]
    let info: [UInt8]
    let output: [UInt8]
}

private let testLarger = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)

@Suite struct DigestTests {
    @Test("SHA-256 gives the answers of FIPS 180-4's examples")
    func sha256() {
        #expect(
            Digest.sha256([]) == hex("e3b0c44298fc1c149afbf4c8996fb924 27ae41e4649b934ca495991b7852b855"))
        #expect(
            Digest.sha256(Array("abc".utf8))
                == hex("ba7816bf8f01cfea414140de5dae2223 b00361a396177a9cb410ff61f20015ad"))
    }

    @Test(
        "HMAC-SHA256 gives the answers of RFC 4231",
        arguments: [
            MACVector(
                key: bytes(0x0b, 20), data: Array("Hi There".utf8),
                mac: hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")),
            MACVector(
                key: Array("Jefe".utf8), data: Array("what do ya want for nothing?".utf8),
                mac: hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")),
            MACVector(
                key: bytes(0xaa, 20), data: bytes(0xdd, 50),
                mac: hex("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")),
            MACVector(
                key: Array(1...25), data: bytes(0xcd, 50),
                mac: hex("82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b")),
            MACVector(
                key: bytes(0x0c, 20), data: Array("Test With Truncation".utf8),
                mac: hex("a3b6167473100ee06e0c796c2955552b")),
            MACVector(
                key: bytes(0xaa, 131), data: testLarger,
                mac: hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")),
            MACVector(
                key: bytes(0xaa, 131),
                data: Array(
                    ("This is a test using a larger than block-size key and a larger than block-size data. "
                        + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
                mac: hex("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2")),
        ])
    func hmacSHA256(_ vector: MACVector) {
        // Case 5 of the RFC is cut to 128 bits.
        #expect(Array(Digest.hmacSHA256(key: vector.key, vector.data).prefix(vector.mac.count)) == vector.mac)
    }

    @Test(
        "HMAC-SHA1 gives the answers of RFC 2202",
        arguments: [
            MACVector(
                key: bytes(0x0b, 20), data: Array("Hi There".utf8),
                mac: hex("b617318655057264e28bc0b6fb378c8ef146be00")),
            MACVector(
                key: Array("Jefe".utf8), data: Array("what do ya want for nothing?".utf8),
                mac: hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")),
            MACVector(
                key: bytes(0xaa, 20), data: bytes(0xdd, 50), mac: hex("125d7342b9ac11cd91a39af48aa17b4f63f175d3")),
            MACVector(
                key: Array(1...25), data: bytes(0xcd, 50), mac: hex("4c9007f4026250c6bc8414f9bf50c86c2d7235da")),
            MACVector(
                key: bytes(0x0c, 20), data: Array("Test With Truncation".utf8),
                mac: hex("4c1a03424b55e07fe7f27be1d58bb9324a9a5a04")),
            MACVector(key: bytes(0xaa, 80), data: testLarger, mac: hex("aa4ae5e15272d00e95705637ce8a3b55ed402112")),
            MACVector(
                key: bytes(0xaa, 80),
                data: Array("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".utf8),
                mac: hex("e8e99d0f45237d786d6bbaa7965c7808bbff1a91")),
        ])
    func hmacSHA1(_ vector: MACVector) {
        #expect(Digest.hmacSHA1(key: vector.key, vector.data) == vector.mac)
    }

    @Test(
        "HKDF-SHA256 gives the answers of RFC 5869, A.1 to A.3",
        arguments: [
            KeyDerivationVector(
                key: bytes(0x0b, 22), salt: Array(0...12), info: Array(0xf0...0xf9),
                output: hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")),
            KeyDerivationVector(
                key: Array(0x00...0x4f), salt: Array(0x60...0xaf), info: Array(0xb0...0xff),
                output: hex(
                    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                        + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87")),
            KeyDerivationVector(
                key: bytes(0x0b, 22), salt: [], info: [],
                output: hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")),
        ])
    func hkdf(_ vector: KeyDerivationVector) {
        let output = Digest.hkdfSHA256(
            key: vector.key, salt: vector.salt, info: vector.info, count: vector.output.count)
        #expect(output == vector.output)
    }

    @Test("HMAC of nothing under an empty key is defined, and repeated calls do not share keys")
    func emptyKey() {
        let empty = hex("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
        #expect(Digest.hmacSHA256(key: [], []) == empty)
        #expect(Digest.hmacSHA256(key: [1], []) != empty)
        #expect(Digest.hmacSHA256(key: [], []) == empty)
    }

    @Test("constant-time comparison compares content and length")
    func comparison() {
        #expect(constantTimeEquals([], []))
        #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
    }

    @Test("random bytes have the asked length and do not repeat")
    func random() {
        #expect(randomBytes(0).isEmpty)
        #expect(Set((0..<100).map { _ in randomBytes(16) }).count == 100)
    }

    @Test("the id of an event is the UUID version 8 of its text's SHA-256, always the same")
    func deterministicID() {
        let id = DeterministicID.uuid("verification|verified|1")
        #expect(id.uuidString.lowercased() == "37f37a96-6828-8952-a893-290c2222444b")
        #expect(DeterministicID.uuid("verification|verified|2") != id)
    }

    @Test("different lists of texts never give the same prefixed bytes")
    func prefixed() {
        #expect(lengthPrefixed("ab", "c") != lengthPrefixed("a", "bc"))
        #expect(lengthPrefixed("a", "") != lengthPrefixed("a"))
        #expect(lengthPrefixed("é") == [0, 0, 0, 2, 0xc3, 0xa9])
    }
}
