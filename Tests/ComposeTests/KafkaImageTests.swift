import Testing

/// Kafka's container: what it keeps, what it does not, and that neither grows without end.
@Suite("Kafka's container")
struct KafkaImageTests {
    private let kafka: YAML

    init() throws {
        kafka = try #require(try YAMLReader.read(Repository.text("compose/compose.yaml")).at("services", "kafka"))
    }

    @Test("is the official image: one KRaft node that keeps its log")
    func node() throws {
        #expect(kafka["image"]?.text?.hasPrefix("apache/kafka:4.") == true)
        #expect(kafka["ports"] == nil)
        #expect(kafka["healthcheck"] != nil)
        let environment = try #require(kafka["environment"]?.pairs)
        #expect(environment["KAFKA_ADVERTISED_LISTENERS"]?.text == "PLAINTEXT://kafka:9092")
        #expect(environment["KAFKA_PROCESS_ROLES"]?.text == "broker,controller")
        let data = try #require(environment["KAFKA_LOG_DIRS"]?.text)
        #expect(kafka["volumes"]?.texts == ["kafka-data:\(data)", "./kafka:/mnt/shared/config:ro"])
    }

    @Test("each volume that the image declares is given, so that none without a name comes to be")
    func volumes() throws {
        // VOLUME in docker/jvm/Dockerfile of Apache Kafka.
        let declared: Set = ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]
        let mounts = try #require(kafka["volumes"]?.texts).map { String($0.split(separator: ":")[1]) }
        #expect(declared.isSubset(of: Set(mounts + temporary.keys)))
    }

    @Test("what it writes beside its data is small, in memory, and its own")
    func temporaryFiles() throws {
        for place in ["/opt/kafka/config", "/opt/kafka/logs", "/etc/kafka/secrets"] {
            let options = try #require(temporary[place], "\(place)")
            #expect(options.hasPrefix("uid=1000,gid=1000,mode=0755,size="))
        }
        #expect(temporary["/tmp"] == "")
    }

    @Test("it logs to the console alone, and no garbage collector's logs")
    func logs() throws {
        #expect(try Repository.files(in: "compose/kafka") == ["compose/kafka/log4j2.yaml"])
        let log = try #require(try YAMLReader.read(Repository.text("compose/kafka/log4j2.yaml"))["Configuration"])
        #expect(log["Appenders"]?.pairs?.keys.sorted() == ["Console"])
        let console = try #require(log.at("Appenders", "Console", "name")?.text)
        #expect(log.at("Loggers", "Root", "AppenderRef")?.items == [.map(["ref": .scalar(console)])])
        for logger in try #require(log.at("Loggers", "Logger")?.items) { #expect(logger["AppenderRef"] == nil) }
        // Without -loggc, which the image's own has.
        #expect(kafka.at("environment", "EXTRA_ARGS")?.text == "-name kafkaServer")
    }

    /// Paths of tmpfs with their options.
    private var temporary: [String: String] {
        Dictionary(
            uniqueKeysWithValues: (kafka["tmpfs"]?.texts ?? []).map { entry in
                let parts = entry.split(separator: ":", maxSplits: 1).map(String.init)
                return (parts[0], parts.count > 1 ? parts[1] : "")
            })
    }
}
