import Base
import CRdKafka

extension IncomingRecord {
    /// Copies a consumed message; the message stays the caller's to destroy. `topic` saves a string per message.
    init(_ message: UnsafePointer<rd_kafka_message_t>, topic: String) {
        let m = message.pointee
        self.init(
            topic: topic, partition: m.partition, offset: m.offset,
            timestamp: Self.plausible(rd_kafka_message_timestamp(message, nil), now: Clock.system.now()),
            key: Self.bytes(m.key, m.key_len),
            value: Self.bytes(m.payload, m.len), headers: Self.headers(of: message))
    }

    /// The year 9999 ends with it.
    static let lastMoment: Int64 = 253_402_300_799_999

    /// A time that a decision can reckon with. Whoever wrote the record may have given it any; one that nobody can mean
    /// is none: below 1970 (−1: the broker has none) it is 1970, past the year 9999 it is the time of reading.
    static func plausible(_ timestamp: Int64, now: Int64) -> Int64 {
        timestamp > lastMoment ? now : max(timestamp, 0)
    }

    private static func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        guard let start else { return nil }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private static func headers(of message: UnsafePointer<rd_kafka_message_t>) -> [KafkaHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        var result: [KafkaHeader] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, result.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let name
        {
            result.append(KafkaHeader(name: String(cString: name), value: bytes(value, size) ?? []))
        }
        return result
    }
}
