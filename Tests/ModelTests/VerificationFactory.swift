import Foundation

@testable import Model

/// Verifications of every shape, likely and not, the same for the same seed.
struct VerificationFactory {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    static let usual = Subject(
        platform: "shopify", shop: "a.myshopify.com", order: "gid://shopify/Order/5000000001001", orderName: "#1001",
        shopVersion: 3, phone: Sealed([UInt8](repeating: 7, count: 40)), phoneHash: "abcdefghijklmnopqrstuA",
        phoneMask: "+1*****4567", range: "ABCDEFGHIJKLMNOPQRSTUw", customerHash: "0123456789-_abcdefghiQ",
        locale: "en", keyId: "k1", timerSeconds: 900, codeSeconds: 600, codeLength: 6)

    /// splitmix64
    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    private mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
    private mutating func chance(_ share: Int) -> Bool { below(share) == 0 }
    private mutating func one<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
    private mutating func maybe<Value>(_ value: Value) -> Value? { chance(3) ? nil : value }

    private mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

    private mutating func text() -> String {
        one([
            "", "x", "#\(below(100_000))", "gid://shopify/Order/\(next())", "Bestellung 00\(below(9))", "#1001-A",
            "Ü\u{0}7",
            String(repeating: "long ", count: below(60)), "\(below(3))",
        ])
    }

    private mutating func hash() -> String {
        if chance(4) { return text() }
        let text = Data(bytes(16)).base64EncodedString().prefix(22)
        return text.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    }

    private mutating func bcrypt() -> String {
        let letters = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var text = (0..<53).map { _ in letters[below(64)] }
        // Every fourth keeps bits that no bcrypt has.
        if !chance(4) {
            text[21] = letters[below(4) << 4]
            text[52] = letters[below(16) << 2]
        }
        return one(["$2b$10$", "$2b$04$", "$2b$12$", "$2a$10$", "$2b$+9$", "$2b$10"]) + String(text)
    }

    private mutating func time() -> Int64 {
        chance(10) ? Int64(bitPattern: next()) : 1_800_000_000_000 + Int64(below(10_000_000))
    }

    private mutating func number() -> Int { chance(10) ? Int(truncatingIfNeeded: next()) : 1 + below(3) }

    private mutating func subject() -> Subject {
        Subject(
            platform: one(["shopify", "orders", ""]), shop: one(["a.myshopify.com", "b.myshopify.com", text()]),
            order: text(), orderName: maybe(text()), shopVersion: time(), phone: Sealed(bytes(below(60))),
            phoneHash: hash(), phoneMask: one(["+1*****4567", "+49*****0012", text()]), range: hash(),
            customerHash: maybe(hash()), locale: maybe(one(["en", "de", text()])), keyId: one(["k1", "k2"]),
            timerSeconds: one([900, 300, number()]), codeSeconds: one([600, 30, number()]), codeLength: number(),
            words: one([nil, nil, [.verified], [.verified, .cancelled]]), unpaid: one([nil, true, false]))
    }

    mutating func verification() -> Verification {
        var value =
            Verification.apply(nil, .opened(subject()), now: time(), offset: time()).unsafelyUnwrapped
        value.status = one(Verification.Status.allCases)
        value.reason = maybe(one(["timed_out", "undeliverable", "merchant", "us", text()]))
        value.detail = maybe(one(["opted_out", "30003", text()]))
        value.statusAt = time()
        value.generation = number()
        value.firstTextOfPhone = number()
        value.codeHash = maybe(one([bcrypt(), text()]))
        value.codeExpiresAt = maybe(time())
        value.timerStartedAt = maybe(time())
        value.round = one([nil, nil, 1, number()])
        value.phoneChanges = one([nil, nil, 1, number()])
        for _ in 0..<below(6) {
            value.wrongGuesses.append(chance(20) ? text() : String(Data(bytes(12)).base64EncodedString()))
        }
        for index in 0..<below(5) {
            value.texts.append(
                Verification.Text(
                    number: chance(5) ? number() : index + 1, generation: chance(3) ? number() : value.generation,
                    state: one([.asked, .sent, .delivered, .failed, .undelivered]), askedAt: time(),
                    fault: one([nil, .number, .ours])))
        }
        if chance(2) {
            value.settlement = Settlement(
                action: one(Settlement.Action.allCases), intendedAt: time(),
                result: maybe(one(Settlement.Result.allCases)), settledAt: maybe(time()))
        }
        return value
    }
}
