import HTTP
import Synchronization

/// What the server observed, as two families by route pattern; paths and queries never arrive here.
final class HTTPMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let method: String
        let status: Int
    }

    private struct Pair {
        let requests: Counter
        let seconds: Histogram
    }

    private let metrics: Metrics
    private let known: Mutex<[Key: Pair]> = Mutex([:])

    init(_ metrics: Metrics) {
        self.metrics = metrics
    }

    @Sendable func observe(_ request: RequestObservation) {
        let key = Key(route: request.route, method: request.method, status: request.status)
        let pair = known.withLock { known in
            if let pair = known[key] { return pair }
            let pair = Pair(
                requests: metrics.counter(
                    "otp_http_requests_total", help: "Requests answered.",
                    labels: [("route", key.route), ("method", key.method), ("status", String(key.status))]),
                seconds: metrics.histogram(
                    "otp_http_request_seconds", help: "From the whole request to its answer.",
                    labels: [("route", key.route)]))
            known[key] = pair
            return pair
        }
        pair.requests.add()
        pair.seconds.observe(Double(request.nanoseconds) / 1e9)
    }
}
