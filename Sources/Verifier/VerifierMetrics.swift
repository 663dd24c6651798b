import Model
import Pipeline
import Runtime

/// What Verifier counts; never anything of people or shops.
struct VerifierMetrics: Sendable {
    let comparisons: Counter
    let replays: Counter
    let deadLetters: Counter
    let unreadableRows: Counter
    private let answers: [Answer.Kind: Counter]
    private let outcomes: [OutcomeKind: Counter]

    init(_ metrics: Metrics) {
        comparisons = metrics.counter("otp_verifier_comparisons_total", help: "codes compared with their hash")
        replays = metrics.counter("otp_verifier_replays_total", help: "messages that had been applied already")
        deadLetters = metrics.counter("otp_dead_letters_total", help: "messages put aside on otp.dead")
        unreadableRows = metrics.counter("otp_unreadable_rows_total", help: "rows of tables that could not be read")
        answers = Dictionary(
            uniqueKeysWithValues: Answer.Kind.allCases.map { kind in
                (
                    kind,
                    metrics.counter(
                        "otp_verifier_answers_total", help: "answers to shoppers", labels: [("kind", kind.rawValue)])
                )
            })
        outcomes = Dictionary(
            uniqueKeysWithValues: OutcomeKind.allCases.filter { $0 != .skipped }.map { kind in
                (
                    kind,
                    metrics.counter(
                        "otp_outcomes_total", help: "outcomes decided", labels: [("outcome", kind.rawValue)])
                )
            })
    }

    func count(_ events: [VerificationEvent]) {
        for event in events {
            switch event {
            case .answered(let kind): answers[kind]?.add()
            case .textSent: outcomes[.sent]?.add()
            case .textDelivered: outcomes[.delivered]?.add()
            case .verified: outcomes[.verified]?.add()
            case .expired(let expiry):
                // Told by Ingest, when it skipped the order.
                guard expiry.cause != .skipped else { continue }
                outcomes[expiry.cause == .undeliverable ? .undeliverable : .expired]?.add()
            case .cancelled: outcomes[.cancelled]?.add()
            case .opened, .challenged, .challengeRenewed, .textAsked, .textFailed, .textUndelivered, .guessCounted,
                .phoneReplaced, .reopened, .settlementIntended, .settled, .erased:
                continue
            }
        }
    }
}
