import Model
import Pipeline
import Runtime

/// What Sender counts; never anything of people or shops.
struct SenderMetrics: Sendable {
    let hashes: Counter
    let retries: Counter
    let uncertain: Counter
    let lookups: Counter
    let accountTroubles: Counter
    let breakerOpened: Counter
    /// Texts that wait for the provider.
    let held: Gauge
    private let breaker: Gauge
    private let repair: Gauge
    private let repairDestinations: Gauge
    let replays: Counter
    /// Messages that change nothing: duplicates, reports about texts that are not known or have ended.
    let ignored: Counter
    let deadLetters: Counter
    let unreadableRows: Counter
    let dropped: Counter
    let unknownKey: Gauge
    let inFlight: Gauge
    let attemptSeconds: Histogram
    private let optOuts: [Bool: Counter]
    private let accepted: Counter
    private let delivered: Counter
    private let stopped: Counter
    private let refusals: [SendRefusal: Counter]
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
        accountTroubles = metrics.counter(
            "otp_sender_account_troubles_total", help: "attempts refused because of our account or configuration")
        breakerOpened = metrics.counter(
            "otp_sender_breaker_opened_total", help: "how often the provider was left alone after failures")
        held = metrics.gauge("otp_sender_held", help: "texts that wait until the provider may be asked")
        breaker = metrics.gauge(
            "otp_sender_breaker", help: "the provider: 0 asked, 1 tried with one text, 2 left alone")
        repair = metrics.gauge(
            "otp_sender_provider_repair", help: "1 while the account or its configuration has to be repaired")
        repairDestinations = metrics.gauge(
            "otp_sender_destination_repair", help: "calling codes that the account has to be enabled for")
        replays = metrics.counter("otp_sender_replays_total", help: "messages that had been applied already")
        ignored = metrics.counter("otp_sender_ignored_total", help: "messages that changed nothing")
        deadLetters = metrics.counter("otp_dead_letters_total", help: "messages put aside on otp.dead")
        unreadableRows = metrics.counter("otp_unreadable_rows_total", help: "rows of tables that could not be read")
        dropped = metrics.counter("otp_sender_dropped_total", help: "results of partitions that were lost meanwhile")
        unknownKey = metrics.gauge("otp_sender_unknown_key", help: "texts that wait for a key missing in OTP_KEYRING")
        inFlight = metrics.gauge("otp_sender_in_flight", help: "attempts under way")
        attemptSeconds = metrics.histogram("otp_sender_attempt_seconds", help: "how long the provider takes")
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
        case .intended, .challenged, .waiting, .keyFound, .answered: break
        }
    }

    func show(_ state: Breaker.State, needsRepair: Bool, destinations: Int) {
        let level: Double =
            switch state {
            case .closed: 0
            case .probing: 1
            case .open: 2
            }
        breaker.set(level)
        repair.set(needsRepair ? 1 : 0)
        repairDestinations.set(Double(destinations))
    }

    func optOut(_ isOut: Bool) { optOuts[isOut]?.add() }

    func refused(_ reason: SendRefusal) { refusals[reason]?.add() }
}
