import Testing

@testable import Security

@Suite struct BcryptTests {
    @Test(
        "crypt_r gives the published answers of crypt_blowfish, jBCrypt and pyca/bcrypt",
        arguments: [
            (Array("U*U".utf8), "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            (Array("U*U*".utf8), "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
            (Array("U*U*U".utf8), "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
            (
                Array(
                    ("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        + "0123456789chars after 72 are ignored").utf8),
                "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"
            ),
            ([0xa3], "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"),
            ([0xff, 0xff, 0xa3], "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
            (
                [0xff, 0xa3, 0x33, 0x34, 0x35],
                "$2a$05$/OK.fbVrR/bpIqNJ5ianF.nRht2l/HRhr6zmCp9vYUvvsqynflf9e"
            ),
            ([], "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
            (Array("abc".utf8), "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
            (
                Array("~!@#$%^&*()      ~!@#$%^&*()PNBFRD".utf8),
                "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO"
            ),
            (Array("Kk4DQuMMfZL9o".utf8), "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"),
            (Array("9IeRXmnGxMYbs".utf8), "$2b$04$pQ7gRO7e6wx/936oXhNjrOUNOHL1D0h1N2IDbJZYs.1ppzSof6SPy"),
        ])
    func known(phrase: [UInt8], hash: String) {
        #expect(Bcrypt.crypt(phrase: phrase, setting: hash) == hash)
        #expect(Bcrypt.crypt(phrase: phrase + [0x2e], setting: hash) != hash || phrase.count > 72)
    }

    @Test("a hash is $2b$ of the asked cost, salted, and only its own MAC verifies")
    func own() throws {
        let mac = Digest.sha256([1])
        let (one, two) = (try Bcrypt.hash(mac, cost: 4), try Bcrypt.hash(mac, cost: 4))
        #expect(one.hasPrefix("$2b$04$") && one.utf8.count == 60 && one != two)
        #expect(Bcrypt.verify(mac, against: one) && Bcrypt.verify(mac, against: two))
        #expect(!Bcrypt.verify(Digest.sha256([2]), against: one))
        #expect(Bcrypt.cost(of: try Bcrypt.hash(mac, cost: 5)) == 5)
    }

    @Test("MACs that differ only behind a zero byte are different phrases")
    func zeroBytes() throws {
        let hash = try Bcrypt.hash([0] + bytes(1, 31), cost: 4)
        #expect(!Bcrypt.verify([0] + bytes(2, 31), against: hash))
    }

    @Test("costs outside 4 to 16 are refused", arguments: [-1, 0, 3, 17, 31, 100])
    func cost(_ cost: Int) {
        #expect(throws: CryptoError(.costOutOfRange)) { try Bcrypt.hash([1], cost: cost) }
    }

    @Test(
        "what is not a $2b$ hash of an allowed cost is never equal, and never hashed",
        arguments: [
            "", "*0", "$2b$", "$2b$10$", "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$xx$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
            "$2b$05$CCCCCCCCCCCCCCCCCCCC!.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$6$saltsalt$abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
        ])
    func malformed(_ hash: String) {
        #expect(!Bcrypt.verify(Array("U*U".utf8), against: hash))
    }

    @Test("many threads hash at once without mixing their scratch memory")
    func threads() {
        let pool = HashPool(width: 4, capacity: 1)
        let right = pool.map(Array(UInt8(0)..<64)) { number in
            let hash = try? Bcrypt.hash([number], cost: 4)
            return Bcrypt.verify([number], against: hash ?? "") && !Bcrypt.verify([number + 1], against: hash ?? "")
        }
        #expect(right == [Bool](repeating: true, count: 64))
    }
}
