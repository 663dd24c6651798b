import Kafka
import Model

/// A message whose numbers tell whether anybody can have meant it. An impossible one must not get as far as a decision,
/// where a sum or a product of its numbers would end the daemon, and after the restart again.
protocol Plausible {
    var isPlausible: Bool { get }
}

extension Wire {
    /// As `decode`, and refuses impossible numbers.
    static func decodePlausible<Value: Decodable & Plausible>(
        _ type: Value.Type, from record: IncomingRecord
    ) throws(WireProblem) -> Value {
        let value = try decode(type, from: record)
        guard value.isPlausible else { throw WireProblem("impossible numbers") }
        return value
    }
}

/// Texts, generations, attempts: counted from 1, and never many.
private let counts = 1...1_000_000
/// Moments up to the year 9999, in milliseconds since 1970.
private let moments: ClosedRange<Int64> = 0...253_402_300_799_999
/// The numbers of data keys are offsets.
private let versions = 0..<Int64.max

extension Subject: Plausible {}
extension SendRequest: Plausible {}

extension SendAttempt: Plausible {
    var isPlausible: Bool { counts.contains(number) && counts.contains(attempt) && moments.contains(startedAt) }
}

extension DeliveryReceipt: Plausible {
    var isPlausible: Bool { counts.contains(number) }
}

extension RequestMessage.Stop: Plausible {
    var isPlausible: Bool { counts.contains(throughGeneration) }
}

extension Challenge: Plausible {
    var isPlausible: Bool { counts.contains(generation) }
}

extension TextReport: Plausible {
    var isPlausible: Bool { counts.contains(number) && counts.contains(generation) }
}

extension TextFailure: Plausible {
    var isPlausible: Bool { counts.contains(number) && counts.contains(generation) }
}

extension Erasure: Plausible {
    /// Each text makes two tombstones.
    var isPlausible: Bool { (0...10_000).contains(texts) }
}

extension AttemptMessage.Ask: Plausible {
    var isPlausible: Bool { replyPartition >= 0 }
}

extension AttemptMessage.GuessAsk: Plausible {
    var isPlausible: Bool { ask.isPlausible }
}

extension Notice: Plausible {
    var isPlausible: Bool { number.map(counts.contains) ?? true }
}

extension WebhookMessage.Grant: Plausible {
    var isPlausible: Bool { [expiresAt, refreshExpiresAt, renewAt].allSatisfy { $0.map(moments.contains) ?? true } }
}

extension WebhookMessage.ShopInstall: Plausible {
    var isPlausible: Bool { versions.contains(shopVersion) && grant.isPlausible }
}

extension WebhookMessage.ShopReport: Plausible {
    var isPlausible: Bool {
        guard versions.contains(shopVersion), grantNumber.map(versions.contains) ?? true, moments.contains(askedAt)
        else {
            return false
        }
        if case .refreshed(let grant) = news { return grant.isPlausible }
        return true
    }
}

extension WebhookMessage.PolledOrders: Plausible {
    var isPlausible: Bool { versions.contains(shopVersion) && moments.contains(upTo) }
}

extension WebhookMessage.ShopPut: Plausible {
    var isPlausible: Bool {
        versions.contains(shopVersion) && settings.problems(allowShortTimers: true).isEmpty
    }
}

extension WebhookMessage.ShopPatch: Plausible {
    var isPlausible: Bool {
        versions.contains(shopVersion) && settings.map { $0.problems(allowShortTimers: true).isEmpty } ?? true
    }
}
