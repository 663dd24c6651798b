import Model
import Runtime

/// What Reaper counts; never anything of people or shops.
struct ReaperMetrics: Sendable {
    let timersPending: Gauge
    let unsettled: Gauge
    let lateness: Histogram
    let timedOutAsked: Counter
    let timedOutRepeated: Counter
    let settledRepeated: Counter
    let unreadableRows: Counter
    let sendFailures: Counter
    let sweeps: Counter
    let failedSweeps: Counter
    let sweptRows: Counter
    let erasuresAsked: Counter
    let receipts: Counter
    private let settlements: [Settlement.Action: [Settlement.Result: Counter]]
    private let retries: [RetryReason: Counter]

    init(_ metrics: Metrics) {
        timersPending = metrics.gauge("otp_reaper_timers_pending", help: "timers that run or wait for an answer")
        unsettled = metrics.gauge("otp_reaper_unsettled", help: "settlements not yet shown as done by the record")
        lateness = metrics.histogram(
            "otp_reaper_timer_lateness_seconds", help: "from a timer's end to the first ask",
            buckets: [0.001, 0.002, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10, 60, 3600])
        let asked = "otp_reaper_timed_out_asked_total"
        timedOutAsked = metrics.counter(asked, help: "timers handed on", labels: [("ask", "first")])
        timedOutRepeated = metrics.counter(asked, help: "timers handed on", labels: [("ask", "repeated")])
        settledRepeated = metrics.counter(
            "otp_reaper_settled_repeated_total", help: "results of settlements reported again")
        unreadableRows = metrics.counter("otp_unreadable_rows_total", help: "rows of tables that could not be read")
        sendFailures = metrics.counter("otp_reaper_send_failures_total", help: "records Kafka did not acknowledge")
        let sweepHelp = "sweeps of partitions"
        sweeps = metrics.counter("otp_reaper_sweeps_total", help: sweepHelp, labels: [("result", "whole")])
        failedSweeps = metrics.counter("otp_reaper_sweeps_total", help: sweepHelp, labels: [("result", "broken_off")])
        sweptRows = metrics.counter("otp_reaper_swept_rows_total", help: "rows read by sweeps")
        erasuresAsked = metrics.counter("otp_reaper_erasures_asked_total", help: "records asked to be erased")
        receipts = metrics.counter("otp_reaper_receipts_total", help: "receipts written for erasures")
        settlements = Dictionary(
            uniqueKeysWithValues: Settlement.Action.allCases.map { action in
                let results = Settlement.Result.allCases.map { result in
                    let counter = metrics.counter(
                        "otp_reaper_settlements_total", help: "settlements carried out",
                        labels: [("action", action.rawValue), ("result", result.rawValue)])
                    return (result, counter)
                }
                return (action, Dictionary(uniqueKeysWithValues: results))
            })
        retries = Dictionary(
            uniqueKeysWithValues: RetryReason.allCases.map { reason in
                let counter = metrics.counter(
                    "otp_reaper_settlement_retries_total", help: "settlements to be tried again",
                    labels: [("reason", reason.rawValue)])
                return (reason, counter)
            })
    }

    func settled(_ action: Settlement.Action, _ result: Settlement.Result) {
        settlements[action]?[result]?.add()
    }

    func retried(_ reason: RetryReason) {
        retries[reason]?.add()
    }
}
