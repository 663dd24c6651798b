import Kafka
import Testing

@Suite("librdkafka's judgement of options")
struct OptionsTests {
    static let takenOptions: [[(String, String)]] = [
        [], [("linger.ms", "5")],
        [
            ("security.protocol", "SASL_SSL"), ("sasl.mechanism", "PLAIN"), ("sasl.username", "u"),
            ("sasl.password", "a,b=c"),
        ],
        [("fetch.wait.max.ms", "5"), ("session.timeout.ms", "3000"), ("heartbeat.interval.ms", "300")],
        [("bootstrap.servers", "kafka.example:9092")], [("client.rack", "a")], [("debug", "broker,topic")],
    ]

    @Test("what clients can be made of is good, in either way of delivery", arguments: takenOptions.indices)
    func good(index: Int) {
        for delivery in [nil, DeliveryMode.atLeastOnce, .exactlyOnce] {
            #expect(KafkaSettings.problems(withOptions: Self.takenOptions[index], delivery: delivery) == [])
        }
    }

    static let refusedOptions: [([(String, String)], String)] = [
        ([("sasl.pasword", "geheim1")], "entry 1: there is no property sasl.pasword; is sasl.password meant?"),
        (
            [("linger.ms", "5"), ("sasl.passwort", "geheim1")],
            "entry 2: there is no property sasl.passwort; is sasl.password meant?"
        ),
        ([("sasl.nothing.alike", "geheim1")], "entry 1: there is no property sasl.nothing.alike"),
        (
            [("sasl.password", "geheim1"), ("geheim2", "geheim3")],
            "entry 2: its name is no property's (a comma of a value is written \\,)"
        ),
        ([("geheim.geheim", "x")], "entry 1: its name is no property's (a comma of a value is written \\,)"),
        (
            [("Security.Protocol", "ssl")],
            "entry 1: there is no property Security.Protocol; is security.protocol meant?"
        ),
        ([("security.protocol", "geheim1")], "entry 1: security.protocol does not take this value"),
        ([("security.protocol", "ssl sasl.password=geheim1")], "entry 1: security.protocol does not take this value"),
        ([("linger.ms", "-4")], "entry 1: linger.ms does not take this value"),
        ([("linger.ms", "soon")], "entry 1: linger.ms does not take this value"),
        ([("debug", "geheim1,broker")], "entry 1: debug does not take this value"),
    ]

    @Test("what it refuses is named by its place, without its value", arguments: refusedOptions.indices)
    func bad(index: Int) {
        let (options, problem) = Self.refusedOptions[index]
        #expect(KafkaSettings.problems(withOptions: options) == [problem])
        #expect(!problem.contains("geheim"))
    }

    @Test(
        "what the promises rest on is the pipeline's own, whatever its value",
        arguments: [
            ("acks", "1"), ("acks", "all"), ("request.required.acks", "1"), ("enable.idempotence", "false"),
            ("isolation.level", "read_uncommitted"), ("enable.auto.commit", "true"), ("group.id", "geheim"),
            ("enable.auto.offset.store", "true"), ("transactional.id", "geheim"), ("group.instance.id", "geheim"),
            ("partitioner", "random"), ("message.max.bytes", "1000"), ("auto.offset.reset", "latest"),
            ("partition.assignment.strategy", "range"), ("enable.partition.eof", "false"),
        ])
    func own(name: String, value: String) {
        for delivery in [nil, DeliveryMode.atLeastOnce, .exactlyOnce] {
            #expect(
                KafkaSettings.problems(withOptions: [("linger.ms", "5"), (name, value)], delivery: delivery)
                    == ["entry 2: \(name) is the pipeline's own and can't be changed"])
        }
    }

    static let conflicts: [([(String, String)], DeliveryMode)] = [
        ([("security.protocol", "ssl"), ("ssl.ca.location", "/nothing/geheim1")], .atLeastOnce),
        ([("security.protocol", "sasl_ssl"), ("sasl.mechanism", "GEHEIM1")], .atLeastOnce),
        ([("message.timeout.ms", "60000")], .exactlyOnce),
        ([("max.poll.interval.ms", "10"), ("session.timeout.ms", "100")], .atLeastOnce),
    ]

    @Test(
        "what only shows when clients are made is told in its words, the values left out", arguments: conflicts.indices)
    func together(index: Int) throws {
        let (options, delivery) = Self.conflicts[index]
        let problems = KafkaSettings.problems(withOptions: options, delivery: delivery)
        let problem = try #require(problems.first)
        #expect(problems.count == 1 && problem.hasPrefix("librdkafka: ") && problem.utf8.count > 20, "\(problem)")
        #expect(!problem.lowercased().contains("geheim"), "\(problem)")
    }
}
