import Testing

@testable import Security

private let first = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
private let second = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="

@Suite struct KeyringTests {
    @Test("the first key is current, all are found by id, blanks and line ends do not matter")
    func parsing() throws {
        let ring = try Keyring(parsing: " k-2:\(second) ,\n  k1:\(first)\n")
        #expect(ring.current.id == "k-2")
        #expect(ring.all.map(\.id) == ["k-2", "k1"])
        #expect(ring["k1"]?.code == Keyring.Key(id: "x", bytes: knownKey).code)
        #expect(ring["k3"] == nil)
    }

    @Test("the three keys of a ring's key are HKDF's, each with its label (computed independently)")
    func derivation() throws {
        let key = try Keyring(parsing: "k1:\(first)").current
        #expect(key.code.bytes == hex("e08a6e1b4f9e4a03aa0b83f0cc48b8da59dd9917b31b33852b8bc5ccd7057a78"))
        #expect(key.pepper.bytes == hex("21eb027ca6eeb6897aea294794de8e999a015a42a71e1547d4c97fea4e9f8eb1"))
        #expect(key.wrapping.bytes == hex("0a61dc48dea7b1c441fa5d7d8aaeaa92c3198c90351f2d05d7e1b9f5b1a1ee0b"))
    }

    @Test(
        "every problem is named, and no key with it",
        arguments: [
            ("", ["entry 1 is not id:base64"]),
            ("\(first)", ["entry 1 is not id:base64"]),
            ("k1:\(first),", ["entry 2 is not id:base64"]),
            ("K1:\(first)", ["entry 1: the id must be 1 to 32 of a-z, 0-9 and -"]),
            (":\(first)", ["entry 1: the id must be 1 to 32 of a-z, 0-9 and -"]),
            (
                "abcdefghijklmnopqrstuvwxyz1234567:\(first)",
                ["entry 1: the id must be 1 to 32 of a-z, 0-9 and -"]
            ),
            ("k1:AAEC", ["key k1: not base64 of 32 bytes"]),
            ("k1:\(first)=", ["key k1: not base64 of 32 bytes"]),
            ("k1:\(first),k1:\(second)", ["key k1: the id stands twice"]),
            ("k1:\(first),k2:\(first)", ["key k2: the same bytes as key k1"]),
            (
                "\(second):\(first),k1:short,k1:\(second),nothing",
                [
                    "entry 1: the id must be 1 to 32 of a-z, 0-9 and -", "key k1: not base64 of 32 bytes",
                    "key k1: the id stands twice", "entry 4 is not id:base64",
                ]
            ),
        ])
    func problems(text: String, expected: [String]) {
        let error = #expect(throws: KeyringError.self) { try Keyring(parsing: text) }
        #expect(error?.problems == expected)
        let printed = error.map { "\($0)" } ?? ""
        #expect(!printed.contains(first) && !printed.contains(second) && !printed.contains("AAEC"))
    }
}
