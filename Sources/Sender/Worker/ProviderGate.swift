import Base
import Model
import Platforms
import Runtime
import Synchronization

/// Whether a provider may be asked now: a breaker for the whole of it, and one for each destination (calling code) that
/// our account may not text; no faster than the account's rate; with no more attempts under way than it is allowed, of
/// which no destination takes more than three quarters, so that a slow one does not stop the others. While it is shut
/// texts wait and no attempt of theirs counts; what has to be repaired is logged and shown by
/// `otp_sender_provider_repair`.
final class ProviderGate: Sendable {
    /// How long our own trouble at the provider is given before one text tries whether it is over.
    static let repairMs: Int64 = 60_000
    /// A wish longer than this is a limit of the account's, which somebody has to know of.
    static let longWishMs: Int64 = 300_000

    /// After its closing was logged a breaker that opens again is not, for so long.
    static let quietMs: Int64 = 10_000

    /// How soon a text to a destination that has all its places taken asks again.
    static let crowdedMs: Int64 = 250

    enum Permission: Equatable {
        case granted
        /// Trouble: another provider may be asked instead.
        case shut(until: Int64)
        /// The destination or the provider has all its places taken.
        case crowded(until: Int64)
        /// Its place in the schedule: then it need not ask for one again.
        case placed(at: Int64)
    }

    fileprivate struct Breakers {
        var whole = Breaker()
        var destinations: [String: Breaker] = [:]
        var underWay: [String: Int] = [:]
        var underWayInAll = 0
        var pace: Pace
        /// Whether the log says that the provider is left alone.
        var isToldShut = false
        /// Before then no further opening is logged: one that comes and goes would fill the log.
        var quietUntil = Int64.min
        /// Why it was last left alone.
        var reason = ""
    }

    private let breakers: Mutex<Breakers>
    private let concurrency: Int
    private let most: Int
    private let clock: Clock
    private let metrics: ProviderMetrics
    private let trouble: RateLimitedWarning
    private let log: Log
    private let provider: String

    /// - Parameters:
    ///   - concurrency: attempts under way at once, to all destinations together.
    ///   - rate: texts a second of the account; 0 is no bound.
    init(
        clock: Clock, metrics: ProviderMetrics, log: Log, provider: String = "twilio", concurrency: Int = .max,
        rate: Int = 0
    ) {
        breakers = Mutex(Breakers(pace: Pace(rate: rate)))
        self.concurrency = concurrency
        most = max(1, concurrency / 4 * 3)
        self.clock = clock
        self.metrics = metrics
        self.log = log
        self.provider = provider
        trouble = RateLimitedWarning(log, clock)
    }

    /// The destination of a number by its mask (`+1*****4567`): its calling code with `+`.
    static func destination(masked number: String) -> String {
        String(number.prefix { $0 != "*" })
    }

    /// Whether nothing is wrong with the whole of it, as far as is known.
    var isOpen: Bool { breakers.withLock { $0.whole.state == .closed } }

    /// What of the account's rate this instance may use, 0…1.
    func setShare(_ share: Double) {
        breakers.withLock { $0.pace.share = share }
    }

    /// Whoever is granted it says how it ended, by `note` or `unasked`.
    ///
    /// - Parameter isPlaced: it waited for its place in the schedule and has come at its time.
    func ask(_ destination: String, isPlaced: Bool = false) -> Permission {
        let now = clock.now()
        return change { breakers in
            if let until = breakers.whole.ask(now: now) { return .shut(until: until) }
            if let until = breakers.destinations[destination]?.ask(now: now) {
                breakers.whole.unasked(now: now)
                return .shut(until: until)
            }
            guard breakers.underWay[destination, default: 0] < most, breakers.underWayInAll < concurrency else {
                breakers.giveUp(destination, now: now)
                return .crowded(until: now + Self.crowdedMs)
            }
            if !isPlaced {
                let at = breakers.pace.place(now: now)
                guard at <= now else {
                    breakers.giveUp(destination, now: now)
                    return .placed(at: at)
                }
            }
            breakers.underWay[destination, default: 0] += 1
            breakers.underWayInAll += 1
            return .granted
        }
    }

    func unasked(_ destination: String) {
        let now = clock.now()
        change { breakers in
            breakers.leave(destination)
            breakers.giveUp(destination, now: now)
        }
    }

    /// What the provider answered, or that it did not. True when the text has to wait for a repair.
    func note(_ result: SendResult, _ destination: String) -> Bool {
        let now = clock.now()
        breakers.withLock { $0.leave(destination) }
        switch result {
        case .accepted, .refused(_, .number), .refused(_, .optedOut), .refused(_, .content), .refused(_, .suspect):
            change { breakers in
                breakers.whole.answered()
                breakers.destinations[destination] = nil
            }
        case .refused(let reason, .destination):
            change { breakers in
                breakers.whole.answered()
                breakers.destinations[destination, default: Breaker()].refused(until: now + Self.repairMs)
            }
            warn(reason, destination)
            return true
        case .refused(let reason, .account):
            change { breakers in
                breakers.destinations[destination]?.unasked(now: now)
                breakers.whole.refused(until: now + Self.repairMs)
            }
            warn(reason, nil)
            return true
        case .retry(let after?, let reason):
            let wish = after.waitedMilliseconds
            change(reason) { breakers in
                breakers.destinations[destination]?.unasked(now: now)
                if wish >= Self.longWishMs {
                    breakers.whole.refused(until: now + wish)
                } else {
                    breakers.whole.pause(until: now + wish)
                }
            }
            if wish >= Self.longWishMs { warn(reason, nil) }
            return wish >= Self.longWishMs
        case .retry(nil, let reason), .ambiguous(let reason):
            change(reason) { breakers in
                breakers.destinations[destination]?.unasked(now: now)
                breakers.whole.failed(now: now)
            }
        }
        return false
    }

    private func warn(_ reason: String, _ destination: String?) {
        metrics.accountTroubles.add()
        trouble.warn(
            "texts wait until the account at the provider or its configuration is repaired",
            [
                ("provider", .text(provider)), ("reason", .text(reason)),
                ("destination", .text(destination ?? "all")),
            ])
    }

    /// - Parameter reason: why it may open, where nobody else says so.
    @discardableResult
    private func change<Value: Sendable>(_ reason: String? = nil, _ body: (inout Breakers) -> Value) -> Value {
        let now = clock.now()
        let (value, opened, news) = breakers.withLock { breakers in
            if let reason { breakers.reason = reason }
            let before = breakers.whole.state
            let value = body(&breakers)
            let after = breakers.whole.state
            metrics.show(
                after, needsRepair: breakers.whole.needsRepair,
                destinations: breakers.destinations.values.count { $0.needsRepair })
            return (value, before == .closed && after != .closed, breakers.news(now: now))
        }
        if opened { metrics.breakerOpened.add() }
        switch news {
        case .shut(let reason):
            log.warning(
                "the provider is left alone for now: texts wait or go to another one",
                [("provider", .text(provider)), ("reason", .text(reason))])
        case .open: log.warning("the provider is asked again without limits", [("provider", .text(provider))])
        case .repair, nil: break
        }
        return value
    }
}

extension ProviderGate.Breakers {
    fileprivate enum News {
        case shut(reason: String)
        /// Told with the refusal itself.
        case repair
        case open
    }

    /// What the log does not say yet of the whole provider.
    fileprivate mutating func news(now: Int64) -> News? {
        if whole.state == .closed {
            guard isToldShut else { return nil }
            isToldShut = false
            quietUntil = now + ProviderGate.quietMs
            return .open
        }
        guard !isToldShut, now >= quietUntil else { return nil }
        isToldShut = true
        return whole.needsRepair ? .repair : .shut(reason: reason)
    }
}

extension ProviderGate.Breakers {
    fileprivate mutating func leave(_ destination: String) {
        guard let present = underWay[destination] else { return }
        underWay[destination] = present > 1 ? present - 1 : nil
        underWayInAll -= 1
    }

    /// What was allowed to be tried was not.
    fileprivate mutating func giveUp(_ destination: String, now: Int64) {
        whole.unasked(now: now)
        destinations[destination]?.unasked(now: now)
    }
}

extension Duration {
    /// At most a day: nobody waits longer.
    var waitedMilliseconds: Int64 { min(self, .seconds(86_400)).milliseconds }
}
