import HTTP
import Model

/// Who may ask how often. An address that fails again and again is slowed where its tokens are none of ours; a
/// shopper's own pace is bounded by token, whatever others at the same address do; looks have bounds of their own.
struct DoorLimits: Sendable {
    /// One attempt in flight a token, ten at once, then one a second.
    let attempts: AttemptGate<VerificationID>
    /// Pages and states of one verification.
    let looks: RateGate<VerificationID>
    /// Thirty failures of an address, then one every two seconds.
    let failures: RateGate<ClientAddress>
    let looksOfAddress: RateGate<ClientAddress>
    let proxies: TrustedProxies
    let forwarded: ForwardedWatch

    init(
        proxies: TrustedProxies, forwarded: ForwardedWatch, clock: @escaping @Sendable () -> Int64,
        attemptBurst: Int64 = 10
    ) {
        self.proxies = proxies
        self.forwarded = forwarded
        attempts = AttemptGate(burst: attemptBurst, clock: clock)
        looks = RateGate(burst: 30, perSecond: 1, clock: clock)
        failures = RateGate(burst: 30, perSecond: 0.5, clock: clock)
        looksOfAddress = RateGate(burst: 300, perSecond: 20, clock: clock)
    }

    func client(of request: HTTPRequest) -> ClientAddress? {
        let origin = proxies.origin(peer: request.peer, forwardedFor: request.headers.all("X-Forwarded-For"))
        if let proxy = origin.unnamed { forwarded.ignored(proxy) }
        return origin.client
    }
}
