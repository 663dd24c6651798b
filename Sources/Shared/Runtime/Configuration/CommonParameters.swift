/// Every environment variable that more than one daemon understands, declared once; `--help`, the checks at start and
/// the compose files are all held against this table. Daemons pick what they need.
public enum CommonParameters {
    // What every daemon has.
    public static let kafkaBrokers = Parameter(
        "OTP_KAFKA_BROKERS", default: "127.0.0.1:9092", kind: .addresses, help: "Kafka's bootstrap servers")
    public static let kafkaOptions = Parameter(
        "OTP_KAFKA_OPTIONS",
        kind: .custom { text in
            if case .failure(let error) = KafkaOptions.parse(text) { "must be name=value: \(error)" } else { nil }
        },
        help: "librdkafka properties for every client, name=value by comma (one of a value as \\,) or by line",
        secret: true)
    public static let kafkaPlaintext = Parameter(
        "OTP_KAFKA_PLAINTEXT", default: "0", kind: .flag, help: "allow brokers off loopback without TLS")
    public static let topicPrefix = Parameter(
        "OTP_TOPIC_PREFIX", default: "otp.",
        kind: .custom { isName($0, 100) ? nil : "must be up to 100 of a-zA-Z0-9._-" },
        help: "what every topic's, group's and transaction's name begins with")
    public static let partitions = Parameter(
        "OTP_PARTITIONS", default: "12", kind: .integer(1...1000),
        help: "partitions of every topic; never changed later")
    public static let replication = Parameter(
        "OTP_REPLICATION", default: "-1",
        kind: .custom { Int($0).map { $0 == -1 || (1...32).contains($0) } == true ? nil : "must be -1 or 1 to 32" },
        help: "replicas of topics made at start; -1 is the broker's default")
    public static let delivery = Parameter(
        "OTP_DELIVERY", default: "exactly-once", kind: .oneOf(["exactly-once", "at-least-once"]),
        help: "how input, decision and output go together; at-least-once is for the sandbox's broker")
    public static let instance = Parameter(
        "OTP_INSTANCE", kind: .custom { isName($0, 100) ? nil : "must be up to 100 of a-zA-Z0-9._-" },
        help: "a stable name of this instance: it keeps its partitions over a restart")
    public static let stallSeconds = Parameter(
        "OTP_STALL_SECONDS", default: "60", kind: .integer(5...3600),
        help: "a partition with work that stands still so long is unready; twice as long, the daemon exits with 75")
    public static let plainHTTPHosts = Parameter(
        "OTP_PLAIN_HTTP_HOSTS", kind: .list, help: "host names that may be called by plain http")
    public static let logLevel = Parameter(
        "OTP_LOG_LEVEL", default: "info", kind: .oneOf(LogLevel.allCases.map(\.rawValue)), help: "what is logged")

    /// The address of a daemon's own door; loopback unless told otherwise.
    public static func httpBind(port: UInt16) -> Parameter {
        Parameter(
            "OTP_HTTP_BIND", default: "127.0.0.1:\(port)", kind: .address,
            help: "where HTTP listens; port 0 is any free")
    }

    /// The common ones of a daemon that works on Kafka.
    public static func daemon(port: UInt16) -> [Parameter] {
        [
            kafkaBrokers, kafkaOptions, kafkaPlaintext, topicPrefix, partitions, replication, delivery, instance,
            stallSeconds, httpBind(port: port), plainHTTPHosts, logLevel,
        ]
    }

    static func isName(_ text: String, _ most: Int) -> Bool {
        text.utf8.count <= most
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
                default: false
                }
            }
    }
}
