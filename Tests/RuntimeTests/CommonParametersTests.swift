import Testing

@testable import Runtime

private let everything =
    CommonParameters.daemon(port: 8081) + [
        CommonParameters.publicURL, CommonParameters.webhookURL, CommonParameters.idKey, CommonParameters.adminToken,
        CommonParameters.bcryptCost, CommonParameters.cancel, CommonParameters.allowShortTimers,
        CommonParameters.trustedProxies, CommonParameters.shopifyClientId, CommonParameters.shopifyClientSecret,
        CommonParameters.shopifyAPIVersion, CommonParameters.shopifyURL, CommonParameters.twilioAccountSID,
        CommonParameters.twilioAuthToken, CommonParameters.twilioMessagingServiceSID, CommonParameters.twilioURL,
        CommonParameters.keyring { _ in nil },
    ]

struct KafkaCase: Sendable {
    let brokers: String
    let options: String
    let plaintext: String
    let isAllowed: Bool
}

@Suite struct CommonParametersTests {
    @Test("the table has the decided names, each once, and its own defaults are right")
    func table() {
        let decided = [
            "KAFKA_BROKERS", "KAFKA_OPTIONS", "TOPIC_PREFIX", "PARTITIONS", "REPLICATION", "DELIVERY", "INSTANCE",
            "HTTP_BIND", "PUBLIC_URL", "WEBHOOK_URL", "ID_KEY", "KEYRING", "ADMIN_TOKEN", "BCRYPT_COST", "CANCEL",
            "ALLOW_SHORT_TIMERS", "TRUSTED_PROXIES", "SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET",
            "SHOPIFY_API_VERSION",
            "SHOPIFY_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_MESSAGING_SERVICE_SID", "TWILIO_URL",
            "LOG_LEVEL", "KAFKA_PLAINTEXT", "PLAIN_HTTP_HOSTS", "STALL_SECONDS",
        ].map { "OTP_\($0)" }
        #expect(everything.map(\.name).sorted() == decided.sorted())
        for parameter in everything {
            let complaint = parameter.default.flatMap { parameter.complaint(about: $0, plainHosts: []) }
            #expect(complaint == nil, "\(parameter.name)")
            #expect(parameter.help.count > 10, "\(parameter.name)")
        }
        let secrets = [
            "KAFKA_OPTIONS", "ID_KEY", "KEYRING", "ADMIN_TOKEN", "SHOPIFY_CLIENT_SECRET", "TWILIO_AUTH_TOKEN",
        ]
        #expect(Set(everything.filter(\.secret).map(\.name)) == Set(secrets.map { "OTP_\($0)" }))
    }

    @Test(
        "a broker off loopback needs TLS or the override by name",
        arguments: [
            KafkaCase(brokers: "127.0.0.1:9092,localhost:9093,[::1]:1", options: "", plaintext: "", isAllowed: true),
            KafkaCase(brokers: "kafka.example:9092", options: "", plaintext: "", isAllowed: false),
            KafkaCase(brokers: "127.0.0.1:9092,10.0.0.1:9092", options: "", plaintext: "0", isAllowed: false),
            KafkaCase(brokers: "kafka.example:9092", options: "", plaintext: "1", isAllowed: true),
            KafkaCase(
                brokers: "kafka.example:9092", options: "linger.ms=1,security.protocol=ssl", plaintext: "",
                isAllowed: true),
            KafkaCase(
                brokers: "kafka.example:9092", options: "security.protocol=SASL_SSL\nsasl.password=a,b", plaintext: "",
                isAllowed: true),
            KafkaCase(
                brokers: "kafka.example:9092", options: "security.protocol=sasl_plaintext", plaintext: "",
                isAllowed: false),
            KafkaCase(
                brokers: "kafka.example:9092", options: "security.protocol=ssl,security.protocol=plaintext",
                plaintext: "", isAllowed: false),
        ])
    func kafka(_ example: KafkaCase) {
        let found = problems(
            load(
                CommonParameters.daemon(port: 8081),
                [
                    "OTP_KAFKA_BROKERS": example.brokers, "OTP_KAFKA_OPTIONS": example.options,
                    "OTP_KAFKA_PLAINTEXT": example.plaintext,
                ]))
        #expect(found.isEmpty == example.isAllowed)
        #expect(found.allSatisfy { $0.hasPrefix("OTP_KAFKA_BROKERS names a broker off loopback without TLS") })
    }

    @Test("librdkafka's properties are separated by commas, or by lines when there are any")
    func options() throws {
        func parsed(_ text: String) throws -> [String] {
            try KafkaOptions.parse(text).get().map { "\($0)|\($1)" }
        }
        #expect(try parsed("a=1, b.c = 2 ,") == ["a|1", "b.c|2"])
        #expect(try parsed("a=1,2\n\n b=x=y\r\n") == ["a|1,2", "b|x=y"])
        #expect(try parsed("") == [])
        #expect(try parsed("empty=") == ["empty|"])
        let problems = [1, 3].map { "entry \($0) is not name=value (a comma of a value is written \\,)" }
        #expect(throws: ConfigurationProblems(problems)) { try KafkaOptions.parse("secret,a=1,=2").get() }
        #expect(throws: ConfigurationProblems(["entry 2 is not name=value"])) {
            try KafkaOptions.parse("a=1\n\nsecret").get()
        }
    }

    @Test(
        "a password may hold anything",
        arguments: [
            (#"p=a\,b"#, "a,b"), (#"p=a\,b\,"#, "a,b,"), (#"p=a\\b"#, #"a\b"#), (#"p=a\b"#, #"a\b"#),
            (#"p=a\\\,b"#, #"a\,b"#),
            (#"p=a\"#, #"a\"#), ("p=a=b==", "a=b=="), (#"x=1,p=\,=\,,y=2"#, ",=,"), ("p=a,b\nx=1", "a,b"),
            ("p=a\\,b\n", "a\\,b"),
            ("p=\"a\"", "\"a\""), ("p=a b", "a b"), ("p=é,x=1", "é"),
        ])
    func password(text: String, password: String) throws {
        let options = try KafkaOptions.parse(text).get()
        #expect(options.first { $0.0 == "p" }?.1 == password)
        #expect(options.allSatisfy { ["p", "x", "y"].contains($0.0) })
    }

    @Test(
        "proxies are addresses or networks",
        arguments: [
            ("127.0.0.1", true), ("10.0.0.0/8, ::1, fd00::/8", true), ("10.0.0.0/", false), ("proxy", false),
            ("::1/129", false), ("10.0.0.1,", false),
        ])
    func proxies(text: String, isGood: Bool) {
        #expect((CommonParameters.trustedProxies.complaint(about: text, plainHosts: []) == nil) == isGood)
    }

    @Test("every token of the admin list has at least 32 bytes")
    func adminTokens() {
        let good = String(repeating: "a", count: 32)
        #expect(CommonParameters.adminToken.complaint(about: "\(good), \(good)b", plainHosts: []) == nil)
        #expect(CommonParameters.adminToken.complaint(about: "\(good),short", plainHosts: []) != nil)
    }

    @Test("a daemon may need less, or prefer another default")
    func variants() {
        #expect(CommonParameters.publicURL.required && !CommonParameters.publicURL.optional.required)
        let local = CommonParameters.publicURL.defaulting(to: "http://127.0.0.1:8083")
        #expect(local.default == "http://127.0.0.1:8083" && !local.required)
        #expect(CommonParameters.httpBind(port: 8084).default == "127.0.0.1:8084")
    }
}
