import Base
import CRdKafka
import Glibc
import KafkaMock

@testable import Kafka

/// A transactional producer that is fenced with six requests in flight, then let go of while their answers still come
/// in: what valgrind is to watch (ADR 12). A logger that sleeps makes the moment wide enough to be met every time.
///
/// `--bare` lets go of it as librdkafka's users do, without what `Client` does before.
@main
enum FencedProducer {
    private static let invalidProducerEpoch: Int32 = 47
    private static let partitions: Int32 = 6

    static func main() throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: partitions)
        let settings = KafkaSettings(brokers: mock.bootstrapServers, clientId: "fenced") { line in
            if line.facility == "TXNERR" { OwnedThread.pause(for: .milliseconds(50)) }
        }
        let client = try Client(.producer, settings, [("transactional.id", "tx"), ("linger.ms", "0")])
        if let error = KafkaError(taking: rd_kafka_init_transactions(client.raw, 60_000)) { throw error }
        if let error = KafkaError(taking: rd_kafka_begin_transaction(client.raw)) { throw error }
        client.warm("t", 60_000)
        // All partitions are part of the transaction, so that the next records leave at once, each in a request of its
        // own.
        try produce(client)
        rd_kafka_flush(client.raw, 60_000)
        // All answers are under way before the first one is read.
        mock.setRoundTrip(1, milliseconds: 300)
        mock.pushErrors(.produce, Array(repeating: invalidProducerEpoch, count: Int(partitions)))
        try produce(client)
        while client.fatalError == nil { usleep(200) }
        print("fenced")
        if CommandLine.arguments.contains("--bare") {
            rd_kafka_destroy_flags(client.raw, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
            client.keepForever()
        }
        withExtendedLifetime(client) {}
    }

    private static func produce(_ client: Client) throws(KafkaError) {
        for partition in 0..<partitions {
            let record = OutgoingRecord(topic: "t", partition: partition, key: nil, value: [1])
            if let error = client.produce(record, id: 0) { throw error }
        }
    }
}
