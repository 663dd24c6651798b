import CRdKafka

/// Targets of librdkafka's callbacks. Set before the client is made and never changed afterwards, which is why reading
/// them from librdkafka's threads needs no lock (the proof for `@unchecked Sendable`).
final class ClientEvents: @unchecked Sendable {
    /// A message's delivery report: its id, where it stands, or why not. On the thread that polls or flushes.
    var delivered: (@Sendable (UInt, Delivery, KafkaError?) -> Void)?
    /// Errors of the instance, among them the fatal ones. On the polling thread.
    var failed: (@Sendable (KafkaError) -> Void)?
    /// A rebalance: the code says assign or revoke. On the thread that polls the consumer.
    var rebalanced: ((OpaquePointer, rd_kafka_resp_err_t, TopicPartitions) -> Void)?
    /// The answer to an asynchronous commit. On the thread that polls the consumer.
    var committed: ((KafkaError?) -> Void)?
    var logger: (@Sendable (KafkaLogLine) -> Void)?

    func install(in configuration: OpaquePointer) {
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
        rd_kafka_conf_set_log_cb(configuration) { rk, level, facility, text in
            guard let rk, let facility, let text else { return }
            let message = String(cString: text)
            // Shared options name properties of the other kind of client; that is no news.
            if message.contains("property and will be ignored") { return }
            ClientEvents.of(rk).logger?(
                KafkaLogLine(level: level, facility: String(cString: facility), message: message))
        }
        rd_kafka_conf_set_error_cb(configuration) { rk, code, reason, _ in
            guard let rk else { return }
            let raw = rd_kafka_resp_err_t(rawValue: code)
            ClientEvents.of(rk).failed?(KafkaError(raw, reason.map { String(cString: $0) }))
        }
        if delivered != nil {
            rd_kafka_conf_set_dr_msg_cb(configuration) { rk, message, _ in
                guard let rk, let m = message?.pointee else { return }
                let error = m.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(m.err)
                ClientEvents.of(rk).delivered?(
                    UInt(bitPattern: m._private), Delivery(partition: m.partition, offset: m.offset), error)
            }
        }
        if rebalanced != nil {
            rd_kafka_conf_set_rebalance_cb(configuration) { rk, code, list, _ in
                guard let rk, let list else { return }
                ClientEvents.of(rk).rebalanced?(rk, code, TopicPartitions(borrowing: list))
            }
        }
        if committed != nil {
            rd_kafka_conf_set_offset_commit_cb(configuration) { rk, code, _, _ in
                guard let rk else { return }
                let none = code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR__NO_OFFSET
                ClientEvents.of(rk).committed?(none ? nil : KafkaError(code))
            }
        }
    }

    private static func of(_ rk: OpaquePointer) -> ClientEvents {
        guard let opaque = rd_kafka_opaque(rk) else { fatalError("a client without its callbacks' target") }
        return Unmanaged<ClientEvents>.fromOpaque(opaque).takeUnretainedValue()
    }
}
