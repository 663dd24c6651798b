import Runtime

/// What the door refused without asking anybody; nothing of whom.
struct DoorMetrics: Sendable {
    enum Refusal: String, CaseIterable {
        /// A bad token of an address that failed too often.
        case address
        case origin
        /// A token that is none of ours.
        case token
        case proxySignature = "proxy_signature"
        case badCode = "bad_code"
        /// Too many attempts of one token.
        case attempts
        case looks
        /// No place for verdicts yet.
        case closed
    }

    private let refusals: [Refusal: Counter]

    init(_ metrics: Metrics) {
        refusals = Dictionary(
            uniqueKeysWithValues: Refusal.allCases.map { refusal in
                let counter = metrics.counter(
                    "otp_verifier_refused_total", help: "requests that the door answered by itself",
                    labels: [("reason", refusal.rawValue)])
                return (refusal, counter)
            })
    }

    func refused(_ refusal: Refusal) { refusals[refusal]?.add() }
}
