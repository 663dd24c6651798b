import Base
import HTTP
import Testing

@testable import Runtime

private func text(_ metrics: Metrics) -> String {
    String(decoding: metrics.exposition(), as: UTF8.self)
}

@Suite struct MetricsTests {
    @Test("the exposition is Prometheus' text format: by name, with help, type and escapes")
    func exposition() {
        let metrics = Metrics()
        metrics.gauge("otp_lag", help: "Messages behind.").set(2.5)
        let sent = metrics.counter("otp_sent_total", help: "Texts\nsent \\ \"kept\".", labels: [("by", "a\"b\\c\nd")])
        sent.add()
        sent.add(4)
        metrics.counter("otp_sent_total", help: "Texts.", labels: [("by", "é"), ("kind", "")]).add(0)
        #expect(
            text(metrics) == """
                # HELP otp_lag Messages behind.
                # TYPE otp_lag gauge
                otp_lag 2.5
                # HELP otp_sent_total Texts\\nsent \\\\ "kept".
                # TYPE otp_sent_total counter
                otp_sent_total{by="a\\"b\\\\c\\nd"} 5
                otp_sent_total{by="é",kind=""} 0

                """)
    }

    @Test("a histogram counts up to each bound, inclusive, with sum and count")
    func histogram() {
        let metrics = Metrics()
        let histogram = metrics.histogram("otp_seconds", help: "H.", labels: [("a", "b")], buckets: [0.1, 1, 2.5])
        for value in [0.0, 0.1, 0.5, 1, 3] { histogram.observe(value) }
        histogram.observe(.milliseconds(2500))
        #expect(histogram.count == 6)
        #expect(
            text(metrics) == """
                # HELP otp_seconds H.
                # TYPE otp_seconds histogram
                otp_seconds_bucket{a="b",le="0.1"} 2
                otp_seconds_bucket{a="b",le="1"} 4
                otp_seconds_bucket{a="b",le="2.5"} 5
                otp_seconds_bucket{a="b",le="+Inf"} 6
                otp_seconds_sum{a="b"} 7.1
                otp_seconds_count{a="b"} 6

                """)
    }

    @Test(
        "numbers are written as Prometheus reads them",
        arguments: [
            (0.0, "0"), (1, "1"), (-2.5, "-2.5"), (1e21, "1e+21"), (0.00001, "1e-05"), (.infinity, "+Inf"),
            (-.infinity, "-Inf"), (.nan, "NaN"), (123_456_789, "123456789"),
        ])
    func numbers(value: Double, written: String) {
        #expect(Exposition.number(value) == written)
    }

    @Test("the same name and labels are the same series; other labels are another")
    func identity() {
        let metrics = Metrics()
        let one = metrics.counter("otp_x_total", help: "X.", labels: [("a", "1")])
        #expect(metrics.counter("otp_x_total", help: "X.", labels: [("a", "1")]) === one)
        #expect(metrics.counter("otp_x_total", help: "X.", labels: [("a", "2")]) !== one)
    }

    @Test("no update is lost between threads")
    func concurrency() async {
        let metrics = Metrics()
        let counter = metrics.counter("otp_x_total", help: "X.")
        let gauge = metrics.gauge("otp_g", help: "G.")
        let histogram = metrics.histogram("otp_h", help: "H.", buckets: [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        counter.add()
                        gauge.add(1)
                        histogram.observe(0.5)
                    }
                }
            }
        }
        #expect(counter.value == 8000 && gauge.value == 8000 && histogram.count == 8000)
    }

    @Test("a sampled series is asked when somebody looks, and left out when it has no value")
    func sampled() {
        let metrics = Metrics()
        let clock = ManualClock(7)
        metrics.sample("otp_now", help: "N.") { Double(clock.now) }
        metrics.sample("otp_none", help: "N.", kind: .counter) { nil }
        #expect(text(metrics) == "# HELP otp_now N.\n# TYPE otp_now gauge\notp_now 7\n")
        clock.advance(by: .milliseconds(1))
        #expect(text(metrics).hasSuffix("otp_now 8\n"))
        metrics.sample("otp_now", help: "N.") { 1 }
        #expect(text(metrics).hasSuffix("otp_now 1\n"))
    }

    @Test("the process tells its memory, processor time, start and descriptors")
    func process() throws {
        let metrics = Metrics()
        ProcessMetrics.register(in: metrics)
        let lines = text(metrics).split(separator: "\n").filter { !$0.hasPrefix("#") }
        let values = Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let parts = line.split(separator: " ")
                return (String(parts[0]), Double(parts[1]) ?? -1)
            })
        #expect((1e6...1e12).contains(try #require(values["process_resident_memory_bytes"])))
        #expect((0...1e6).contains(try #require(values["process_cpu_seconds_total"])))
        let now = Double(Clock.system.now()) / 1000
        #expect((now - 86400...now + 2).contains(try #require(values["process_start_time_seconds"])))
        #expect((3...1e6).contains(try #require(values["process_open_fds"])))
        #expect(values.count == 4)
    }

    @Test("requests are counted by route, method and status, and timed by route")
    func http() {
        let metrics = Metrics()
        let observer = HTTPMetrics(metrics)
        for status in [200, 200, 404] {
            observer.observe(
                RequestObservation(
                    route: "/v/:token", method: "GET", status: status, nanoseconds: 3_000_000, bytesIn: 0, bytesOut: 9))
        }
        let text = text(metrics)
        #expect(text.contains("otp_http_requests_total{route=\"/v/:token\",method=\"GET\",status=\"200\"} 2\n"))
        #expect(text.contains("otp_http_requests_total{route=\"/v/:token\",method=\"GET\",status=\"404\"} 1\n"))
        #expect(text.contains("otp_http_request_seconds_bucket{route=\"/v/:token\",le=\"0.0025\"} 0\n"))
        #expect(text.contains("otp_http_request_seconds_bucket{route=\"/v/:token\",le=\"0.005\"} 3\n"))
    }
}
