/// How a desk settles its input: one transaction a batch, or acknowledged in stage order before the offset.
public enum DeliveryMode: String, Sendable, CaseIterable {
    case exactlyOnce = "exactly-once"
    case atLeastOnce = "at-least-once"
}

/// A line of librdkafka's own log. `level` is syslog's: 0 emergency … 3 error, 4 warning, 6 info, 7 debug.
public struct KafkaLogLine: Sendable, Equatable {
    public let level: Int32
    public let facility: String
    public let message: String

    public init(level: Int32, facility: String, message: String) {
        self.level = level
        self.facility = facility
        self.message = message
    }
}

/// What all clients of a process share. `options` are librdkafka properties applied last, to every client, so an
/// operator's word (OTP_KAFKA_OPTIONS) wins over our tuning; ``problems(withOptions:delivery:)`` names those it may
/// not.
public struct KafkaSettings: Sendable {
    public var brokers: String
    public var options: [(String, String)]
    public var clientId: String
    public var logger: @Sendable (KafkaLogLine) -> Void

    public init(
        brokers: String, options: [(String, String)] = [], clientId: String,
        logger: @escaping @Sendable (KafkaLogLine) -> Void = { _ in }
    ) {
        self.brokers = brokers
        self.options = options
        self.clientId = clientId
        self.logger = logger
    }

    func log(_ level: Int32, _ facility: String, _ message: String) {
        logger(KafkaLogLine(level: level, facility: facility, message: message))
    }
}
