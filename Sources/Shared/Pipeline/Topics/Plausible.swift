import Kafka
import Model

/// A message or a row whose numbers tell whether anybody can have meant it. An impossible one must not get as far as a
/// decision, where a sum or a product of its numbers would end the daemon, and after the restart again. `Wire` hands
/// out nothing else.
public protocol Plausible {
    var isPlausible: Bool { get }
}

/// What numbers of messages and rows may be.
public enum PlausibleRange {
    /// Texts, generations, attempts: counted from 1, and never many.
    public static let counts = 1...1_000_000
    /// Moments up to the year 9999, in milliseconds since 1970.
    public static let moments: ClosedRange<Int64> = 0...253_402_300_799_999
    /// The numbers of data keys are offsets.
    static let versions = 0..<Int64.max
    /// What comes of moments in our own rows: some days later at most.
    public static let rowMoments: ClosedRange<Int64> = 0...(moments.upperBound + 400 * 86_400_000)
    /// A platform's own moments, only ever compared: any that can be subtracted from each other.
    static let foreignMoments = (Int64.min / 4)...(Int64.max / 4)
    /// The highest offset a row has applied; −1 for none.
    static let applied = Int64(-1)..<Int64.max
    /// Sums and settings.
    static let amounts = -1_000_000_000_000...1_000_000_000_000
}

private let counts = PlausibleRange.counts
private let moments = PlausibleRange.moments
private let versions = PlausibleRange.versions

extension Subject: Plausible {}
extension SendRequest: Plausible {}
extension SendAgain: Plausible {}

extension SkippedOrder: Plausible {
    public var isPlausible: Bool { subject.isPlausible }
}

extension SendAttempt: Plausible {
    public var isPlausible: Bool { counts.contains(number) && counts.contains(attempt) && moments.contains(startedAt) }
}

extension DeliveryReceipt: Plausible {
    public var isPlausible: Bool { counts.contains(number) }
}

extension RequestMessage.Stop: Plausible {
    var isPlausible: Bool { counts.contains(throughGeneration) }
}

extension Challenge: Plausible {
    public var isPlausible: Bool { counts.contains(generation) }
}

extension TextReport: Plausible {
    public var isPlausible: Bool { counts.contains(number) && counts.contains(generation) }
}

extension TextFailure: Plausible {
    public var isPlausible: Bool { counts.contains(number) && counts.contains(generation) }
}

extension UndeliveredText: Plausible {
    public var isPlausible: Bool { counts.contains(number) && counts.contains(generation) }
}

extension Erasure: Plausible {
    /// Each text makes two tombstones.
    public var isPlausible: Bool { (0...10_000).contains(texts) }
}

extension AttemptMessage.Ask: Plausible {
    public var isPlausible: Bool { replyPartition >= 0 }
}

extension AttemptMessage.GuessAsk: Plausible {
    public var isPlausible: Bool { ask.isPlausible }
}

extension Notice: Plausible {
    public var isPlausible: Bool {
        (number.map(counts.contains) ?? true) && (round.map { (0...counts.upperBound).contains($0) } ?? true)
    }
}

extension WebhookMessage.Grant: Plausible {
    public var isPlausible: Bool {
        [expiresAt, refreshExpiresAt, renewAt].allSatisfy { $0.map(moments.contains) ?? true }
    }
}

extension WebhookMessage.ShopInstall: Plausible {
    public var isPlausible: Bool { versions.contains(shopVersion) && grant.isPlausible }
}

extension WebhookMessage.ShopReport: Plausible {
    public var isPlausible: Bool {
        guard versions.contains(shopVersion), grantNumber.map(versions.contains) ?? true, moments.contains(askedAt)
        else {
            return false
        }
        switch news {
        case .refreshed(let grant): return grant.isPlausible
        case .denied(let what): return what.count <= 20 && what.allSatisfy { $0.utf8.count <= 64 }
        case .alive, .refused: return true
        }
    }
}

extension WebhookMessage.PolledOrders: Plausible {
    public var isPlausible: Bool { versions.contains(shopVersion) && moments.contains(upTo) }
}

extension WebhookMessage.ShopPut: Plausible {
    public var isPlausible: Bool {
        versions.contains(shopVersion) && settings.problems(allowShortTimers: true).isEmpty
    }
}

extension WebhookMessage.ShopPatch: Plausible {
    public var isPlausible: Bool {
        versions.contains(shopVersion) && settings.map { $0.problems(allowShortTimers: true).isEmpty } ?? true
    }
}

extension WebhookMessage.ShopKeyRequest: Plausible {
    public var isPlausible: Bool { true }
}

extension WebhookMessage.ShopDelete: Plausible {
    public var isPlausible: Bool { true }
}

extension Release: Plausible {
    public var isPlausible: Bool { true }
}

extension Settlement.Action: Plausible {
    public var isPlausible: Bool { true }
}

extension Settlement.Result: Plausible {
    public var isPlausible: Bool { true }
}
