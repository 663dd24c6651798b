import Model
import Pipeline
import Runtime

/// What Sender counts; never anything of people or shops.
struct SenderMetrics: Sendable {
    let hashes: Counter
    let retries: Counter
    let uncertain: Counter
    let lookups: Counter
    /// Texts that wait for a repair of our own configuration.
    let foreignTexts: Counter
    private let unreported: Counter
    /// Texts that wait for the provider.
    let held: Gauge
    let replays: Counter
    /// Messages that change nothing: duplicates, reports about texts that are not known or have ended.
    let ignored: Counter
    let deadLetters: Counter
    let unreadableRows: Counter
    let dropped: Counter
    let unknownKey: Gauge
    let inFlight: Gauge
    private let optOuts: [Bool: Counter]
    private let accepted: Counter
    private let delivered: Counter
    private let stopped: Counter
    private let refusals: [SendRefusal: Counter]
    private let undelivered: Counter
    private let failed: [Verification.Fault: Counter]

    init(_ metrics: Metrics) {
        func texts(_ result: String) -> Counter {
            metrics.counter(
                "otp_sender_texts_total", help: "texts by what became of them", labels: [("result", result)])
        }
        hashes = metrics.counter("otp_sender_hashes_total", help: "codes hashed")
        retries = metrics.counter("otp_sender_retries_total", help: "attempts to be repeated")
        uncertain = metrics.counter("otp_sender_uncertain_total", help: "attempts that may or may not have sent")
        lookups = metrics.counter("otp_sender_lookups_total", help: "texts looked for at the provider")
        foreignTexts = metrics.counter(
            "otp_sender_foreign_texts_total", help: "texts held because OTP_ID_KEY is not the one they were opened with"
        )
        unreported = metrics.counter(
            "otp_sender_unreported_total", help: "texts sent once more for want of a good report")
        held = metrics.gauge("otp_sender_held", help: "texts that wait until the provider may be asked")
        replays = metrics.counter("otp_sender_replays_total", help: "messages that had been applied already")
        ignored = metrics.counter("otp_sender_ignored_total", help: "messages that changed nothing")
        deadLetters = metrics.counter("otp_dead_letters_total", help: "messages put aside on otp.dead")
        unreadableRows = metrics.counter("otp_unreadable_rows_total", help: "rows of tables that could not be read")
        dropped = metrics.counter("otp_sender_dropped_total", help: "results of partitions that were lost meanwhile")
        unknownKey = metrics.gauge("otp_sender_unknown_key", help: "texts that wait for a key missing in OTP_KEYRING")
        inFlight = metrics.gauge("otp_sender_in_flight", help: "attempts under way")
        optOuts = Dictionary(
            uniqueKeysWithValues: [(true, "stop"), (false, "start")].map { isOut, word in
                let counter = metrics.counter(
                    "otp_sender_opt_outs_total", help: "people who asked for no more texts, or for texts again",
                    labels: [("wish", word)])
                return (isOut, counter)
            })
        accepted = texts("accepted")
        delivered = texts("delivered")
        stopped = texts("stopped")
        refusals = Dictionary(
            uniqueKeysWithValues: SendRefusal.allCases.map { reason in
                let counter = metrics.counter(
                    "otp_sender_refused_total", help: "texts that a limit of their phone or range did not let through",
                    labels: [("reason", reason.rawValue)])
                return (reason, counter)
            })
        undelivered = texts("undelivered")
        failed = [.number: texts("failed_number"), .ours: texts("failed_ours")]
    }

    func count(_ event: SendJob.Event) {
        switch event {
        case .accepted: accepted.add()
        case .delivered: delivered.add()
        case .stopped: stopped.add()
        case .failed(_, let fault): failed[fault]?.add()
        case .retryScheduled: retries.add()
        case .uncertain: uncertain.add()
        case .undelivered: undelivered.add()
        case .unreported: unreported.add()
        case .intended, .challenged, .routed, .waiting, .keyFound, .again, .forgone, .answered: break
        }
    }

    func optOut(_ isOut: Bool) { optOuts[isOut]?.add() }

    func refused(_ reason: SendRefusal) { refusals[reason]?.add() }
}
