import CRdKafka

extension KafkaSettings {
    /// What is wrong with these properties by librdkafka's own judgement, and those that are not to be changed, one
    /// sentence each. Nothing is connected to.
    ///
    /// No value is repeated, nor a name that is far from any there is: either may be a piece of a password whose commas
    /// were taken for separators. Entries are counted from 1.
    ///
    /// - Parameter delivery: exactly-once has transactional producers, which ask more; nil where nothing is decided.
    public static func problems(
        withOptions options: [(String, String)], delivery: DeliveryMode? = nil
    ) -> [String] {
        guard let configuration = rd_kafka_conf_new() else { return [] }
        defer { rd_kafka_conf_destroy(configuration) }
        var names: Set<String>?
        let problems = options.enumerated().compactMap { index, option -> String? in
            if let problem = OwnProperties.problem(option.0) { return "entry \(index + 1): \(problem)" }
            let result = rd_kafka_conf_set(configuration, option.0, option.1, nil, 0)
            if result == RD_KAFKA_CONF_OK { return nil }
            if result == RD_KAFKA_CONF_INVALID { return "entry \(index + 1): \(option.0) does not take this value" }
            let known = names ?? PropertyNames.all()
            names = known
            return "entry \(index + 1): \(PropertyNames.unknown(option.0, known))"
        }
        guard problems.isEmpty, !options.isEmpty else { return problems }
        return Trial.kinds(delivery).compactMap { Trial.problem($0, options) }.first.map { [$0] } ?? []
    }

    /// Makes the clients that a daemon makes, without brokers: what only shows when all properties are seen together.
    private enum Trial {
        typealias Kind = (type: rd_kafka_type_t, properties: [(String, String)])

        static func kinds(_ delivery: DeliveryMode?) -> [Kind] {
            let producer: Kind = (RD_KAFKA_PRODUCER, ProducerTuning.door.properties)
            let consumer: Kind = (RD_KAFKA_CONSUMER, [("group.id", "check"), ("enable.auto.commit", "false")])
            let transactional: Kind = (
                RD_KAFKA_PRODUCER,
                [("transactional.id", "check"), ("transaction.timeout.ms", "10000"), ("enable.idempotence", "true")]
            )
            return [producer, consumer] + (delivery == .exactlyOnce ? [transactional] : [])
        }

        static func problem(_ kind: Kind, _ options: [(String, String)]) -> String? {
            guard let configuration = rd_kafka_conf_new() else { return nil }
            let brokers = ["bootstrap.servers", "metadata.broker.list"]
            for (name, value) in kind.properties + options where !brokers.contains(name) {
                rd_kafka_conf_set(configuration, name, value, nil, 0)
            }
            rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
            var text = [CChar](repeating: 0, count: 512)
            guard let client = rd_kafka_new(kind.type, configuration, &text, text.count) else {
                rd_kafka_conf_destroy(configuration)
                let said = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                return "librdkafka: \(withoutValues(said, options))"
            }
            rd_kafka_destroy(client)
            return nil
        }

        /// librdkafka repeats values in its sentences; anyone may be a secret. Whole ones first, then their pieces.
        private static func withoutValues(_ text: String, _ options: [(String, String)]) -> String {
            options.map(\.1).filter { $0.count >= 4 }.sorted { $0.count > $1.count }
                .reduce(text) { $0.replacing($1, with: "•••") }
        }
    }
}
