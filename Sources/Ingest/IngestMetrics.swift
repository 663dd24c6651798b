import Model
import Runtime

/// What Ingest counts; never anything of people or shops.
struct IngestMetrics: Sendable {
    private let metrics: Metrics
    private let answers: [Source: [Answer: Counter]]
    let age: Histogram
    let replays: Counter
    let duplicates: Counter
    let notForUs: Counter
    let accessDenied: Counter
    let dataRequestsDropped: Counter
    let privacyDeadLetters: Counter
    let erasures: Counter
    let keyGone: Counter
    let braked: Counter
    let deadLetters: Counter
    let unreadableRows: Counter
    let retiredOutcomes: Counter
    let retiredCounts: Counter
    let retiredCustomers: Counter

    init(_ metrics: Metrics) {
        self.metrics = metrics
        answers = Dictionary(uniqueKeysWithValues: Source.allCases.map { ($0, Self.answers(of: $0, metrics)) })
        age = metrics.histogram(
            "otp_ingest_webhook_age_seconds", help: "from a webhook's acceptance to its decision",
            buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 300, 3600])
        replays = metrics.counter("otp_ingest_replays_total", help: "messages that had been applied already")
        duplicates = metrics.counter(
            "otp_ingest_duplicates_total", help: "deliveries known by their id or by what they are about")
        notForUs = metrics.counter(
            "otp_ingest_not_for_us_total",
            help:
                "stored webhooks passed over: of topics we do not read, or test notifications of another shop's making")
        accessDenied = metrics.counter(
            "otp_ingest_access_denied_total", help: "shops that began to refuse something we ask of their orders")
        dataRequestsDropped = metrics.counter(
            "otp_ingest_data_requests_dropped_total",
            help: "customers' requests for their data that a shop's record has no room for any more")
        privacyDeadLetters = metrics.counter(
            "otp_ingest_privacy_dead_letters_total",
            help: "privacy requests put aside on otp.dead: redrive them in time")
        erasures = metrics.counter("otp_ingest_erasures_total", help: "erasures asked for, of customers and of shops")
        keyGone = metrics.counter(
            "otp_ingest_key_gone_total", help: "messages dropped because the shop's key they were sealed under is gone")
        braked = metrics.counter(
            "otp_ingest_braked_total", help: "cancellations that the brake turned into a review")
        deadLetters = metrics.counter("otp_dead_letters_total", help: "messages put aside on otp.dead")
        unreadableRows = metrics.counter("otp_unreadable_rows_total", help: "rows of tables that could not be read")
        let retired = ["outcome", "usage", "customer"].map {
            metrics.counter(
                "otp_ingest_retired_total",
                help: "skipped outcomes, months of counts, numbers verified taken back at their time",
                labels: [("what", $0)])
        }
        (retiredOutcomes, retiredCounts, retiredCustomers) = (retired[0], retired[1], retired[2])
    }

    private static func answers(of source: Source, _ metrics: Metrics) -> [Answer: Counter] {
        Dictionary(
            uniqueKeysWithValues: Answer.allCases.map { answer in
                let counter = metrics.counter(
                    "otp_ingest_webhooks_total", help: "webhooks and callbacks by what became of them at the door",
                    labels: [("source", source.rawValue), ("result", answer.rawValue)])
                return (answer, counter)
            })
    }

    enum Source: String, Sendable, CaseIterable {
        case shopify, orders
        case twilioStatus = "twilio_status"
        case twilioInbound = "twilio_inbound"
    }

    /// What a door answered and why.
    enum Answer: String, Sendable, CaseIterable {
        case accepted, ignored, repeated, unsigned, malformed, misfit, throttled, unavailable
        case unknownShop = "unknown_shop"
    }

    func door(_ source: Source, _ answer: Answer) {
        answers[source]?[answer]?.add()
    }

    /// What a route of the installation answered.
    func install(_ route: InstallDoor.Route, _ result: String) {
        metrics.counter(
            "otp_ingest_installs_total", help: "requests about installing the app by what became of them",
            labels: [("route", route.rawValue), ("result", result)]
        ).add()
    }

    /// Shops that reached so many percent of their plan's month.
    func planShare(_ percent: Int) -> Counter {
        metrics.counter(
            "otp_ingest_plan_share_total", help: "shops that have used a share of their plan's month",
            labels: [("percent", String(percent))])
    }

    /// The series of such decisions; to be kept, see ``Metrics``.
    func decided(_ decision: Decision) -> Counter {
        metrics.counter(
            "otp_ingest_decisions_total", help: "decisions about orders by their effect",
            labels: [("effect", decision.effect), ("reason", decision.reason)])
    }

    /// The labels of a decision's effect.
    struct Decision: Hashable {
        let effect: String
        let reason: String

        /// Nil for what has a series of its own, ``IngestMetrics/braked``.
        init?(_ effect: Intake.Effect) {
            switch effect {
            case .request: (self.effect, reason) = ("request", "")
            case .skip(let why): (self.effect, reason) = ("skip", why.rawValue)
            case .tellCancelled: (self.effect, reason) = ("tell_cancelled", "")
            case .settle(_, let action): (self.effect, reason) = ("settle", action.rawValue)
            case .count(let counter): (self.effect, reason) = ("count", counter.rawValue)
            case .giveBack: (self.effect, reason) = ("give_back", "")
            case .changePhone: (self.effect, reason) = ("change_phone", "")
            case .release(_, let release): (self.effect, reason) = ("release", release.rawValue)
            case .reviewUnsent(_, let why): (self.effect, reason) = ("review_unsent", why.rawValue)
            case .ignore(let why): (self.effect, reason) = ("ignore", why)
            case .braked: return nil
            }
        }
    }
}
