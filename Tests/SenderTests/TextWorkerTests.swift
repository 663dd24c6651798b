import Kafka
import Model
import Pipeline
import Platforms
import Synchronization
import Testing

@testable import Sender

@Suite("The worker")
struct TextWorkerTests {
    @Test("no more than so many attempts are under way, all are made, and stop ends it")
    func bounded() async throws {
        let bench = try Bench(testPhones: [Bench().identity.phoneHash(Bench.phone)])
        for number in 1...20 { bench.deliver(.send(bench.request(number: number))) }
        let most = Atomic(0)
        let now = Atomic(0)
        var attempt = bench.attempt
        var provider = bench.script.provider
        provider.send = { _ in
            most.max(now.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
            for _ in 0..<20 { await Task.yield() }
            now.subtract(1, ordering: .relaxed)
            return .accepted(messageId: "SM1")
        }
        attempt.providers = TextProviders(
            GatedProvider(provider: provider, gate: bench.gate, metrics: bench.provider))
        let (reports, report) = AsyncStream<Int32?>.makeStream()
        let worker = TextWorker(
            concurrency: 3, attempt: attempt, topology: bench.topology, metrics: bench.sender, log: bench.logic.log
        ) { report.yield($0.partition) }
        await withTaskGroup { group in
            group.addTask { await worker.run() }
            for errand in bench.takeErrands() { worker.submit(errand) }
            var count = 0
            for await partition in reports {
                #expect(partition == bench.lane.partition)
                count += 1
                if count == 20 { break }
            }
            worker.stop()
        }
        #expect(most.load(ordering: .relaxed) <= 3)
        #expect(bench.sender.inFlight.value == 0)
    }

    @Test("a result is repeated until Kafka has it")
    func repeats() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        let tries = Atomic(0)
        let worker = bench.worker { _ throws(KafkaError) in
            if tries.add(1, ordering: .relaxed).newValue < 3 { throw KafkaError(code: -185) }
        }
        for errand in bench.takeErrands() { await worker.make(errand) }
        #expect(tries.load(ordering: .relaxed) == 3)
        #expect(bench.script.sent.all.count == 1)
        #expect(bench.sender.dropped.value == 0)
    }

    @Test("what waits when it stops is not begun")
    func stopped() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        let worker = bench.worker { _ in }
        for errand in bench.takeErrands() { worker.submit(errand) }
        worker.stop()
        await worker.run()
        #expect(bench.script.sent.all.isEmpty)
    }
}
