import Kafka
import Pipeline
import Runtime
import Security
import Testing

@testable import Verifier

@Suite("Poison, from Verifier's desk to its second chance")
struct DeadPoisonTests {
    @Test("a message that Verifier can't read is put aside with its reason, and comes back byte for byte")
    func journey() async throws {
        let bench = try DeadBench()
        let logic = VerifierLogic(
            lane: .standalone(partition: 1), topology: bench.topology, keyring: try Keyring(parsing: DeadBench.keys),
            pool: HashPool(width: 1, capacity: 4), metrics: VerifierMetrics(Metrics()))
        logic.restored(now: 0)
        let poison = IncomingRecord(
            topic: "otp.attempts", partition: 1, offset: 7, timestamp: 9,
            key: Array("0190f9c2-0000-8000-8000-000000000001".utf8), value: [0xff, 0, 0x7b],
            headers: [
                KafkaHeader("otp-type", "guess"), KafkaHeader("otp-version", "1"), KafkaHeader("otp-type", "guess"),
            ])
        let staged = logic.decide([poison])
        logic.committed()
        try bench.producer.sendAll(staged.map(\.record), deadline: .seconds(10))

        let listed = await bench.dead("list", keys: nil)
        #expect(listed.lines.count == 1 && listed.output.contains("\tnot a valid "))
        #expect(await bench.dead("redrive", "--all").code == .ok)
        let arrived = try await bench.all(Catalogue.attempts, count: 1)
        #expect(arrived.count == 1 && arrived.first?.partition == poison.partition)
        #expect(arrived.first?.key == poison.key && arrived.first?.value == poison.value)
        #expect(arrived.first?.headers == poison.headers)

        // Poison it still is: put aside once more, under a place of its own.
        let again = logic.decide(arrived)
        logic.committed()
        #expect(again.count == 1 && again.first?.record.headers.contains { $0.text == "otp.attempts/1/0" } == true)
    }
}
