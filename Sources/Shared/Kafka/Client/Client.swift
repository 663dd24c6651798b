import Base
import CRdKafka

/// Owner of one librdkafka instance: configuration, callbacks, destruction. Calls on the pointer are thread-safe in
/// librdkafka; the callbacks' target is kept alive until after the instance has been destroyed.
final class Client: Sendable {
    enum Kind {
        case producer
        case consumer
    }

    let settings: KafkaSettings
    private let handle: Handle
    private let events: ClientEvents
    private let topics = Monitor<[String: OpaquePointer]>([:])
    private let isTransactional: Bool

    var raw: OpaquePointer { handle.pointer }

    init(
        _ kind: Kind, _ settings: KafkaSettings, _ properties: [(String, String)], events: ClientEvents = ClientEvents()
    ) throws(KafkaError) {
        guard let configuration = rd_kafka_conf_new() else { throw KafkaError(RD_KAFKA_RESP_ERR__FAIL) }
        let common = [
            ("bootstrap.servers", settings.brokers), ("client.id", settings.clientId),
            ("socket.nagle.disable", "true"), ("log.connection.close", "false"),
            // The default lets a broker that is back wait for ten seconds more.
            ("reconnect.backoff.max.ms", "1000"),
        ]
        var text = [CChar](repeating: 0, count: 512)
        for (name, value) in common + properties + settings.options
        where rd_kafka_conf_set(configuration, name, value, &text, text.count) != RD_KAFKA_CONF_OK {
            rd_kafka_conf_destroy(configuration)
            throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, Self.string(text))
        }
        events.logger = settings.logger
        events.install(in: configuration)
        let type = kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER
        guard let pointer = rd_kafka_new(type, configuration, &text, text.count) else {
            rd_kafka_conf_destroy(configuration)
            throw KafkaError(rd_kafka_last_error(), Self.string(text))
        }
        self.settings = settings
        self.events = events
        isTransactional = (properties + settings.options).contains { $0.0 == "transactional.id" }
        handle = Handle(pointer: pointer)
        if kind == .consumer { rd_kafka_poll_set_consumer(pointer) }
    }

    deinit {
        topics.read { $0.values.forEach { rd_kafka_topic_destroy($0) } }
        // A fenced producer that ends with requests in flight corrupts the heap (ADR 12): nothing may be in flight any
        // more.
        if isTransactional { rd_kafka_purge(handle.pointer, Self.purgeAll) }
        // A consumer that must leave its group has been closed before; here nothing may wait for a broker.
        rd_kafka_destroy_flags(handle.pointer, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
    }

    /// RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT: returns when every broker's thread has done it.
    static let purgeAll: Int32 = 3

    /// The error that ended this instance for good, nil while it lives.
    var fatalError: KafkaError? {
        var text = [CChar](repeating: 0, count: 512)
        let code = rd_kafka_fatal_error(raw, &text, text.count)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(code: code.rawValue, message: Self.string(text), isRetriable: false, isFatal: true)
    }

    /// Leaves the instance to the process's end, for states in which destroying it is worse.
    func keepForever() { _ = Unmanaged.passRetained(self) }

    /// The handle of a topic, kept for the client's lifetime: producing by handle spares a look-up per message.
    func topic(_ name: String) -> OpaquePointer? {
        topics.update { known in
            if let handle = known[name] { return handle }
            let handle = rd_kafka_topic_new(raw, name, nil)
            known[name] = handle
            return handle
        }
    }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// librdkafka's instance is thread-safe by its own documentation; the pointer itself never changes.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }
}
