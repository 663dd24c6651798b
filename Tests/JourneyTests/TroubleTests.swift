import Foundation
import TestWorld
import Testing

/// A broker in trouble while orders are posted. `OTP_TEST_LONG=1` leaves it down for a minute instead of seconds.
@Suite(
    "Broker trouble", .serialized, .disabled(if: Broker.real != nil, "the broker that is troubled is the sandbox's"),
    .world(brokers: 2), .timeLimit(.minutes(10)))
struct TroubleTests {
    /// What is asked of the broker, one wish after the other; then it is made well again.
    struct Trouble: CustomTestStringConvertible, Sendable {
        struct Step: Sendable {
            let fault: String
            let lasts: Duration

            init(_ fault: String, lasts: Duration) {
                self.fault = fault
                self.lasts = lasts
            }
        }

        let testDescription: String
        let number: Int
        let steps: [Step]
    }

    /// Resident memory no daemon may pass, whatever happens: an idle one has a quarter of it, and Ingest's producer
    /// alone may hold 64 MiB before it refuses.
    private static let memoryBound = 192.0 * 1_048_576

    private static let away: Duration =
        ProcessInfo.processInfo.environment["OTP_TEST_LONG"] == "1" ? .seconds(60) : .seconds(5)

    private static func answers(_ codes: [(String, Int)], times: Int) -> String {
        let errors = codes.map { "{\"api\":\"\($0)\",\"code\":\($1),\"times\":\(times)}" }
        return "{\"errors\":[\(errors.joined(separator: ","))]}"
    }

    private static func leaders(_ broker: Int) -> [Trouble.Step] {
        ["webhooks", "requests", "attempts", "records", "sends"].flatMap { topic in
            (0..<4).map { partition in
                Trouble.Step(
                    "{\"leader\":{\"topic\":\"\(topic)\",\"partition\":\(partition),\"broker\":\(broker)}}",
                    lasts: .milliseconds(20))
            }
        }
    }

    private static func coordinators(_ broker: Int) -> [Trouble.Step] {
        ["ingest", "sender", "verifier", "reaper"].map {
            Trouble.Step("{\"coordinator\":{\"group\":\"\($0)\",\"broker\":\(broker)}}", lasts: .milliseconds(300))
        }
    }

    static let troubles = [
        Trouble(
            testDescription: "NOT_ENOUGH_REPLICAS", number: 30,
            steps: [.init(answers([("produce", 19)], times: 60), lasts: .seconds(3))]),
        Trouble(
            testDescription: "NOT_LEADER, and leaders that move", number: 31,
            steps: [.init(answers([("produce", 6), ("fetch", 6)], times: 15), lasts: .seconds(1))] + leaders(2)
                + leaders(1)),
        Trouble(
            testDescription: "NOT_COORDINATOR, and coordinators that move", number: 32,
            steps: [
                .init(
                    answers([("offsetCommit", 16), ("heartbeat", 16), ("findCoordinator", 15)], times: 4),
                    lasts: .seconds(2))
            ] + coordinators(2) + coordinators(1)),
        Trouble(
            testDescription: "slow answers", number: 33,
            steps: [
                .init("{\"roundTripMs\":300}", lasts: .seconds(3)), .init("{\"roundTripMs\":1500}", lasts: .seconds(3)),
            ]),
        Trouble(
            testDescription: "connections dropped on requests", number: 34,
            steps: [.init(answers([("produce", -195), ("fetch", -195)], times: 10), lasts: .seconds(2))]),
        Trouble(
            testDescription: "connections dropped after the broker has stored the message", number: 35,
            steps: [
                .init("{\"roundTripMs\":600}", lasts: .milliseconds(900)),
                .init("{\"down\":true}", lasts: .milliseconds(50)),
                .init("{\"down\":false}", lasts: .milliseconds(900)),
                .init("{\"down\":true}", lasts: .milliseconds(50)),
            ]),
        Trouble(testDescription: "down", number: 36, steps: [.init("{\"down\":true}", lasts: away)]),
    ]

    @Test(
        "Ingest says 200 or 503 in time and recovers; every accepted order is verified, by one text",
        arguments: troubles)
    func trouble(_ trouble: Trouble) async throws {
        let world = World.now
        let traffic = Traffic(world, shop: "trouble-\(trouble.number).myshopify.com", number: trouble.number)
        let largest = try await traffic.flow {
            _ = try await world.eventually("traffic") { traffic.accepted.count >= 3 ? true : nil }
            for step in trouble.steps {
                try await fault("POST", step.fault)
                try await Task.sleep(for: step.lasts)
            }
            let largest = try await largestMemory()
            try await fault("DELETE")
            let before = traffic.accepted.count
            _ = try await world.eventually("orders to be accepted again", within: 30) {
                traffic.accepted.count > before + 5 ? true : nil
            }
            return largest
        }
        let answers = traffic.answers
        for answer in answers {
            #expect(answer.status == 200 || answer.status == 503 && answer.hasRetryAfter, "\(answer)")
        }
        // By Ingest's own clock: the senders' would count their waiting for one of two cores.
        #expect(try await webhooksOverASecond() == 0)
        print(
            "\(trouble.testDescription): \(answers.count { $0.status == 503 }) of \(answers.count) answers were 503,",
            "largest daemon \(Int(max(largest, try await largestMemory()) / 1_048_576)) MiB")
        try await traffic.expectAllVerified()
        #expect(max(largest, try await largestMemory()) < Self.memoryBound)
        for daemon in Environment.daemons { #expect(world[daemon].isRunning, "\(world[daemon].tail())") }
    }

    private func fault(_ method: String, _ body: String = "{}") async throws {
        let json = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        let answer = try await World.now.sandbox(method, "/kafka/faults", method == "POST" ? json : nil)
        try #require(answer.status == 204, "\(body): \(answer.json)")
    }

    /// Of the four daemons, in bytes.
    private func largestMemory() async throws -> Double {
        var largest = 0.0
        for daemon in Environment.daemons where daemon != "otp-sandbox" {
            largest = max(largest, try await metric(daemon, "process_resident_memory_bytes"))
        }
        return largest
    }

    private func webhooksOverASecond() async throws -> Double {
        let name = "otp_http_request_seconds"
        let route = "route=\"/webhooks/shopify\""
        let all = try await metric("otp-ingest", "\(name)_count{\(route)}")
        return try await all - metric("otp-ingest", "\(name)_bucket{\(route),le=\"1\"}")
    }

    private func metric(_ daemon: String, _ series: String) async throws -> Double {
        let world = World.now
        let answer = try await world.http.send(
            .init(
                method: "GET", url: "http://127.0.0.1:\(world.ports[daemon])/metrics", headers: [:], body: [],
                deadline: .seconds(5)))
        let line = String(decoding: answer.body, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix("\(series) ")
        }
        return try #require(line?.split(separator: " ").last.flatMap { Double($0) }, "\(series)")
    }
}
