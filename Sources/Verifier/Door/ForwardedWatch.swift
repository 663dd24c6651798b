import HTTP
import Runtime
import Synchronization

/// Tells the operator of proxies that `OTP_TRUSTED_PROXIES` does not name: behind one of them all shoppers count as one
/// address. Counts every such request, and says it once an hour; never whose request it was.
final class ForwardedWatch: Sendable {
    static let everyMs: Int64 = 3_600_000

    private let counter: Counter
    private let log: Log
    private let clock: @Sendable () -> Int64
    private let quietUntil = Mutex(Int64.min)

    init(_ metrics: Metrics, _ log: Log, clock: @escaping @Sendable () -> Int64) {
        counter = metrics.counter(
            "otp_verifier_forwarded_ignored_total",
            help: "requests through a proxy that OTP_TRUSTED_PROXIES does not name: its shoppers count as one address")
        self.log = log
        self.clock = clock
    }

    /// - Parameter proxy: who sent it. Shown only where it is an address of no shopper: a private one.
    func ignored(_ proxy: ClientAddress) {
        counter.add()
        let now = clock()
        let isDue = quietUntil.withLock { quietUntil in
            guard now >= quietUntil else { return false }
            quietUntil = now + Self.everyMs
            return true
        }
        guard isDue else { return }
        log.warning(
            "a proxy that OTP_TRUSTED_PROXIES does not name: all shoppers behind it count as one address",
            [("proxy", .text(proxy.isPrivate ? proxy.description : "a public address"))])
    }
}
