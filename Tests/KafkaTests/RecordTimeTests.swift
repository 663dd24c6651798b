import Base
import CRdKafka
import KafkaMock
import Testing

@testable import Kafka

@Suite("A record's own time")
struct RecordTimeTests {
    @Test(
        "is one that can be reckoned with, whatever its writer gave it",
        arguments: [
            (Int64.min, 0), (-2, 0), (-1, 0), (0, 0), (1, 1), (1_790_000_000_000, 1_790_000_000_000),
            (253_402_300_799_999, 253_402_300_799_999), (253_402_300_800_000, 77), (Int64.max, 77),
        ] as [(Int64, Int64)])
    func clamped(written: Int64, read: Int64) {
        #expect(IncomingRecord.plausible(written, now: 77) == read)
    }

    @Test("comes so from the broker", arguments: [Int64.max, 253_402_300_800_000])
    func fromTheBroker(written: Int64) async throws {
        let bench = try Bench()
        let client = try Client(.producer, bench.kafka, [("linger.ms", "0")])
        var units = [rd_kafka_vu_t(), rd_kafka_vu_t(), rd_kafka_vu_t()]
        let topic = try #require(client.topic("input"))
        (units[0].vtype, units[0].u.rkt) = (RD_KAFKA_VTYPE_RKT, topic)
        (units[1].vtype, units[1].u.i32) = (RD_KAFKA_VTYPE_PARTITION, 0)
        (units[2].vtype, units[2].u.i64) = (RD_KAFKA_VTYPE_TIMESTAMP, written)
        #expect(KafkaError(taking: rd_kafka_produceva(client.raw, &units, units.count)) == nil)
        #expect(rd_kafka_flush(client.raw, 5_000) == RD_KAFKA_RESP_ERR_NO_ERROR)
        let before = Clock.system.now()
        let record = try #require(try await readAll(bench.kafka, "input", count: 1).first)
        #expect((before...Clock.system.now()).contains(record.timestamp))
    }
}
