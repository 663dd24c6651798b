import Runtime

/// What Sender counts of one provider, by its name.
struct ProviderMetrics: Sendable {
    let attemptSeconds: Histogram
    let accountTroubles: Counter
    let breakerOpened: Counter
    let failovers: Counter
    private let breaker: Gauge
    private let repair: Gauge
    private let repairDestinations: Gauge

    init(_ metrics: Metrics, provider name: String) {
        let labels = [("provider", name)]
        attemptSeconds = metrics.histogram(
            "otp_sender_attempt_seconds", help: "how long the provider takes", labels: labels)
        accountTroubles = metrics.counter(
            "otp_sender_account_troubles_total", help: "attempts refused because of our account or configuration",
            labels: labels)
        breakerOpened = metrics.counter(
            "otp_sender_breaker_opened_total", help: "how often the provider was left alone after failures",
            labels: labels)
        failovers = metrics.counter(
            "otp_sender_failovers_total", help: "texts that another provider was asked for instead", labels: labels)
        breaker = metrics.gauge(
            "otp_sender_breaker", help: "the provider: 0 asked, 1 tried with one text, 2 left alone", labels: labels)
        repair = metrics.gauge(
            "otp_sender_provider_repair", help: "1 while the account or its configuration has to be repaired",
            labels: labels)
        repairDestinations = metrics.gauge(
            "otp_sender_destination_repair", help: "calling codes that the account has to be enabled for",
            labels: labels)
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
}
