import CRdKafka

extension IncomingRecord {
    /// Copies a consumed message; the message stays the caller's to destroy. `topic` saves a string per message.
    init(_ message: UnsafePointer<rd_kafka_message_t>, topic: String) {
        let m = message.pointee
        self.init(
            topic: topic, partition: m.partition, offset: m.offset,
            timestamp: rd_kafka_message_timestamp(message, nil), key: Self.bytes(m.key, m.key_len),
            value: Self.bytes(m.payload, m.len), headers: Self.headers(of: message))
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
