import Base
import Foundation
import Kafka
import KafkaMock
import Model
import Pipeline
import Security
import Testing

@testable import Sender

@Suite("Sender over a mock cluster", .serialized)
struct SenderDeskTests {
    /// A mock with the catalogue's topics, one partition each.
    struct World {
        let mock: MockCluster
        let bench: Bench
        let topology = Topology(partitions: 1)
        let kafka: KafkaSettings
        let producer: Producer

        init(_ script: Script = Script()) throws {
            mock = try MockCluster(brokers: 1)
            for topic in Catalogue.all { mock.createTopic(topology.name(topic), partitions: 1) }
            bench = try Bench(script: script)
            // The broker stamps messages with the real time.
            bench.clock.set(Clock.system.now())
            kafka = KafkaSettings(
                brokers: mock.bootstrapServers,
                options: [
                    ("fetch.wait.max.ms", "5"), ("session.timeout.ms", "3000"), ("heartbeat.interval.ms", "300"),
                ],
                clientId: "test")
            producer = try Producer(kafka)
        }

        func send(_ message: RequestMessage) throws {
            try producer.sendAll(
                [message.record(bench.id, range: bench.range, topology)], deadline: .seconds(10))
        }

        /// Desk and worker as the daemon puts them together, until the body is done.
        func running(_ body: () async throws -> Void) async throws {
            let (topology, producer, bench) = (topology, producer, bench)
            let worker = TextWorker(
                concurrency: 4, attempt: bench.attempt, topology: topology, metrics: bench.sender,
                log: bench.logic.log
            ) { record throws(KafkaError) in _ = try await producer.send(record) }
            let (forge, shops, metrics, log) = (bench.logic.forge, bench.shops, bench.sender, bench.logic.log)
            let (warning, limiter) = (bench.logic.unknownKey, bench.logic.limiter)
            let desk = try Desk(
                DeskSettings(
                    kafka: kafka, input: topology.name(Catalogue.requests), group: "otp.sender",
                    delivery: .atLeastOnce, transactionalIdPrefix: "otp.sender-",
                    tables: [
                        TableSource(topic: topology.name(Catalogue.sends)),
                        TableSource(topic: topology.name(Catalogue.numbers)),
                    ], tickInterval: .milliseconds(20))
            ) { lane in
                SenderLogic(
                    lane: lane, topology: topology, forge: forge, shops: shops, metrics: metrics, clock: .system,
                    log: log, unknownKey: warning, limiter: limiter, start: { worker.submit($0) })
            }
            let runs = [Task { try await desk.run() }, Task { await worker.run() }]
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
            worker.stop()
            await desk.stop(deadline: .seconds(5))
            for run in runs { try await run.value }
            try outcome.get()
        }

        /// The messages to Verifier so far, once there are so many.
        func attempts(_ count: Int) async throws -> [AttemptMessage] {
            let (stream, found) = AsyncStream<IncomingRecord>.makeStream()
            let reader = try TopicReader(
                kafka, topic: topology.name(Catalogue.attempts), from: .beginning, onRecord: { found.yield($0) })
            reader.start()
            defer { reader.stop() }
            let limit = DispatchSource.makeTimerSource()
            limit.schedule(deadline: .now() + 30)
            limit.setEventHandler { found.finish() }
            limit.resume()
            defer { limit.cancel() }
            var messages: [AttemptMessage] = []
            for await record in stream where messages.count < count {
                messages.append(try AttemptMessage(record))
                if messages.count == count { break }
            }
            return messages
        }
    }

    @Test("a request is challenged, sent and followed; after a restart its duplicate sends nothing")
    func wholeWay() async throws {
        let world = try World()
        let (bench, report) = (world.bench, TextReport(number: 1, generation: 1))
        let request = RequestMessage.send(bench.request(openedAt: bench.clock.now))
        try await world.running {
            try world.send(request)
            try world.send(request)
            let told = try await world.attempts(2)
            #expect(told.last == .sent(report))
            guard case .challenged? = told.first else { Issue.record(); return }
        }
        #expect(bench.script.sent.all.count == 1)
        #expect(bench.script.sent.all.first?.to == Bench.phone)
        try await world.running {
            try world.send(request)
            let receipt = DeliveryReceipt(number: 1, messageId: "SM1", outcome: .delivered, reason: nil, fault: nil)
            try world.send(.receipt(receipt))
            #expect(try await world.attempts(3).last == .delivered(report))
        }
        #expect(bench.script.sent.all.count == 1)
        world.producer.close(deadline: .seconds(2))
    }
}
