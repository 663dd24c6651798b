import Base
import Foundation
import Model
import Pipeline
import Security

/// Open verifications as a day makes them, by the model's own `apply`: 500 shops, a phone and a customer each, the
/// first text sent. Their hashes are random bytes of the right shape: a million true ones would take a day.
struct SampleVerifications: Sendable {
    private static let bcrypt = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    private static let locales = ["en", "de", "fr", "en-GB", "es"]

    private let identity = IdentityKey(Secret(randomBytes(32)))
    private let key = DataKey.generate()
    private let now = Clock.system.now()

    static func order(_ number: Int) -> String { "gid://shopify/Order/\(5_000_000_000_000 + number * 37)" }

    func id(_ number: Int) -> VerificationID {
        let shop = "shop-\(number % 500).myshopify.com"
        let token = identity.token(platform: "shopify", shop: shop, order: Self.order(number))
        return VerificationID(token.verificationId)
    }

    func subject(_ number: Int) -> Subject {
        let shop = "shop-\(number % 500).myshopify.com"
        let phone = "+1555\(String(format: "%07d", number))"
        return Subject(
            platform: "shopify", shop: shop, order: Self.order(number), orderName: "#\(1_000 + number % 90_000)",
            shopVersion: Int64(number % 500),
            phone: Sealed(key.seal(Array(phone.utf8), topic: "r", key: "k", field: "p")),
            phoneHash: identity.phoneHash(phone), phoneMask: "+1*****\(phone.suffix(4))",
            range: identity.rangeHash(phone), customerHash: identity.customerHash(shop: shop, customer: "\(number)"),
            locale: Self.locales[number % Self.locales.count], keyId: "k1", timerSeconds: 900, codeSeconds: 600,
            codeLength: 6)
    }

    /// - Parameter deadline: when its timer ends; nil: as a day makes them.
    func make(_ number: Int, deadline: Int64? = nil) -> (id: VerificationID, state: Verification?) {
        let (id, subject) = (id(number), subject(number))
        let sentAfter = Int64(500 + number % 1_500)
        let openedAt = deadline.map { $0 - 900_000 - sentAfter } ?? now - Int64(number % 600_000)
        let events: [(Int64, VerificationEvent)] = [
            (0, .opened(subject)), (0, .textAsked(number: 1, generation: 1)),
            (Int64(50 + number % 400), .challenged(Challenge(generation: 1, hash: hash()))),
            (sentAfter, .textSent(TextReport(number: 1, generation: 1))),
        ]
        var state: Verification?
        // Below the end of an empty input, or the desk would refuse to start.
        for (after, event) in events { state = Verification.apply(state, event, now: openedAt + after, offset: -1) }
        return (id, state)
    }

    /// 22 and 31 characters whose last ones hold 2 and 4 bits.
    func hash() -> String {
        let bytes = randomBytes(53)
        var text = bytes.map { Self.bcrypt[Int($0 & 63)] }
        text[21] = Self.bcrypt[Int(bytes[21] & 3) << 4]
        text[52] = Self.bcrypt[Int(bytes[52] & 15) << 2]
        return "$2b$10$" + String(text)
    }
}
