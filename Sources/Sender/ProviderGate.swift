import Model
import Platforms
import Runtime
import Synchronization

/// Whether a provider may be asked now: a breaker for the whole of it, and one for each destination (calling code) that
/// our account may not text. While it is shut texts wait and no attempt of theirs counts; what has to be repaired is
/// logged and shown by `otp_sender_provider_repair`.
final class ProviderGate: Sendable {
    /// How long our own trouble at the provider is given before one text tries whether it is over.
    static let repairMs: Int64 = 60_000
    /// A wish longer than this is a limit of the account's, which somebody has to know of.
    static let longWishMs: Int64 = 300_000

    enum Permission: Equatable {
        case granted
        case wait(until: Int64)
    }

    private struct Breakers {
        var whole = Breaker()
        var destinations: [String: Breaker] = [:]
    }

    private let breakers = Mutex(Breakers())
    private let clock: Clock
    private let metrics: SenderMetrics
    private let trouble: RateLimitedWarning
    private let log: Log

    init(clock: Clock, metrics: SenderMetrics, log: Log) {
        self.clock = clock
        self.metrics = metrics
        self.log = log
        trouble = RateLimitedWarning(log, clock)
    }

    /// The destination of an E.164 number: its calling code with `+`.
    static func destination(of number: String) -> String {
        String(PhoneNumber.mask(number).prefix { $0 != "*" })
    }

    /// Whoever is granted it says how it ended, by `note` or `unasked`.
    func ask(_ destination: String) -> Permission {
        let now = clock.now()
        return change { breakers in
            if let until = breakers.whole.ask(now: now) { return .wait(until: until) }
            if let until = breakers.destinations[destination]?.ask(now: now) {
                breakers.whole.unasked(now: now)
                return .wait(until: until)
            }
            return .granted
        }
    }

    func unasked(_ destination: String) {
        let now = clock.now()
        change { breakers in
            breakers.whole.unasked(now: now)
            breakers.destinations[destination]?.unasked(now: now)
        }
    }

    /// What the provider answered, or that it did not. True when the text has to wait for a repair.
    func note(_ result: SendResult, _ destination: String) -> Bool {
        let now = clock.now()
        switch result {
        case .accepted, .refused(_, .number), .refused(_, .content):
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
            let wish = after.milliseconds
            change { breakers in
                breakers.destinations[destination]?.unasked(now: now)
                if wish >= Self.longWishMs {
                    breakers.whole.refused(until: now + wish)
                } else {
                    breakers.whole.pause(until: now + wish)
                }
            }
            if wish >= Self.longWishMs { warn(reason, nil) }
            return wish >= Self.longWishMs
        case .retry(nil, _), .ambiguous:
            change { breakers in
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
            [("reason", .text(reason)), ("destination", .text(destination ?? "all"))])
    }

    @discardableResult
    private func change<Value: Sendable>(_ body: (inout Breakers) -> Value) -> Value {
        let (value, opened, closed) = breakers.withLock { breakers in
            let before = breakers.whole.state
            let value = body(&breakers)
            let after = breakers.whole.state
            metrics.show(
                after, needsRepair: breakers.whole.needsRepair,
                destinations: breakers.destinations.values.count { $0.needsRepair })
            return (value, before == .closed && after != .closed, before != .closed && after == .closed)
        }
        if opened { metrics.breakerOpened.add() }
        if closed { log.info("the provider is asked again without limits", []) }
        return value
    }
}

extension Duration {
    /// At most a day: nobody waits longer.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = min(self, .seconds(86_400)).components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
