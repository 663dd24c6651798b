import Kafka
import Model
import Runtime
import Security

/// What every daemon of the pipeline makes of its configuration: where Kafka is, which topics, which keys, which mode.
public struct PipelineEnvironment: Sendable {
    /// The daemon's short name, for example `sender`: its group, its transactional ids.
    public let daemon: String
    public let topology: Topology
    public let kafka: KafkaSettings
    public let keyring: Keyring
    public let delivery: DeliveryMode
    public let instance: String?
    /// How long a partition with work may stand still.
    public let stallTimeout: Duration
    let log: Log

    /// `OTP_KEYRING`, checked by the parser that reads it.
    public static let keyringParameter = CommonParameters.keyring { text in
        do throws(KeyringError) {
            _ = try Keyring(parsing: text)
            return nil
        } catch {
            return error.description
        }
    }

    public init(_ context: DaemonContext, daemon: String) throws {
        let configuration = context.configuration
        self.daemon = daemon
        log = context.log
        topology = Topology(
            prefix: configuration.text(CommonParameters.topicPrefix.name),
            partitions: Int32(configuration.integer(CommonParameters.partitions.name)),
            replication: Int16(configuration.text(CommonParameters.replication.name)) ?? -1)
        kafka = try Self.kafka(configuration, clientId: context.name, logger: Self.forward(to: context.log))
        keyring = try Keyring(
            parsing: String(decoding: configuration.secret(Self.keyringParameter.name), as: UTF8.self))
        delivery = DeliveryMode(rawValue: configuration.text(CommonParameters.delivery.name)) ?? .exactlyOnce
        stallTimeout = .seconds(configuration.integer(CommonParameters.stallSeconds.name))
        instance = configuration.optionalText(CommonParameters.instance.name)
    }

    /// What librdkafka has against `OTP_KAFKA_OPTIONS`, which says of no value what it is: for a daemon's `--check` and
    /// start.
    public static func kafkaProblems(_ configuration: Configuration) -> [String] {
        let name = CommonParameters.kafkaOptions.name
        // What is no list of options has been named by the parameter's own check.
        guard case .success(let options) = KafkaOptions.parse(configuration.optionalText(name) ?? "") else { return [] }
        let delivery = CommonParameters.delivery.name
        let mode = configuration.declares(delivery) ? DeliveryMode(rawValue: configuration.text(delivery)) : nil
        return KafkaSettings.problems(withOptions: options, delivery: mode).map { "\(name): \($0)" }
    }

    /// Where Kafka is and how it is spoken to.
    ///
    /// - Throws: `ConfigurationProblems` where librdkafka doesn't take the options.
    public static func kafka(
        _ configuration: Configuration, clientId: String, logger: @escaping @Sendable (KafkaLogLine) -> Void
    ) throws -> KafkaSettings {
        let options = try KafkaOptions.parse(
            configuration.optionalText(CommonParameters.kafkaOptions.name) ?? ""
        ).get()
        let problems = kafkaProblems(configuration)
        guard problems.isEmpty else { throw ConfigurationProblems(problems) }
        return KafkaSettings(
            brokers: configuration.text(CommonParameters.kafkaBrokers.name), options: options, clientId: clientId,
            logger: logger)
    }

    /// librdkafka's log lines and module Kafka's own: what is grave as an error, the rest one step milder than it says.
    private static func forward(to log: Log) -> @Sendable (KafkaLogLine) -> Void {
        { line in
            let level: LogLevel =
                line.level <= 2 ? .error : line.level == 3 ? .warning : line.level == 4 ? .info : .debug
            log.log(level, "librdkafka", [("facility", .text(line.facility)), ("text", .text(line.message))])
        }
    }

    /// Makes the catalogue's topics where they are missing and checks those that are there.
    ///
    /// - Throws: `EnvironmentFailure` that names every difference; the daemon must not work on such topics.
    public func ensureTopics() async throws {
        let warnings = try await offPool {
            do throws(TopicAdminError) {
                return try TopicAdmin.ensure(topology.declarations, kafka, deadline: .seconds(60))
            } catch {
                throw EnvironmentFailure("topics: \(error)")
            }
        }
        for warning in warnings { log.warning("topic", [("text", .text(warning.message))]) }
    }

    /// The settings of this daemon's desk.
    ///
    /// - Parameter batchLimit: messages in one batch; small where each may need a hash, so that none waits for many.
    public func deskSettings(
        input: Topic, tables: [TableSource], outputs: [Topic], batchLimit: Int = 500
    ) -> DeskSettings {
        DeskSettings(
            kafka: kafka, input: topology.name(input), group: topology.group(of: daemon), instance: instance,
            delivery: delivery, transactionalIdPrefix: topology.transactionalIdPrefix(of: daemon), tables: tables,
            outputs: outputs.map(topology.name), batchLimit: batchLimit,
            stallTimeout: stallTimeout)
    }

    public func table(_ topic: Topic, from start: TableStart = .beginning) -> TableSource {
        TableSource(topic: topology.name(topic), from: start)
    }

    /// How far back tables are read where only the recent matters: longer than any message is kept.
    public static let recently = TableStart.since(ageMs: 8 * 24 * 3_600_000)
}
