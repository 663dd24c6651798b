import Testing

@testable import Runtime

private let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

struct NoSuchFile: Error {}

func load(
    _ parameters: [Parameter], _ environment: [String: String], files: [String: String] = [:]
) -> Result<Configuration, ConfigurationProblems> {
    Configuration.load(parameters, environment: environment) { path in
        guard let text = files[path] else { throw NoSuchFile() }
        return Array(text.utf8)
    }
}

func problems(_ result: Result<Configuration, ConfigurationProblems>) -> [String] {
    switch result {
    case .success: []
    case .failure(let error): error.problems
    }
}

struct KindCase: Sendable {
    let kind: Parameter.Kind
    let good: [String]
    let bad: [String]
}

private let kinds = [
    KindCase(kind: .text, good: ["a", " "], bad: []),
    KindCase(kind: .oneOf(["on", "off"]), good: ["on", "off"], bad: ["On", "onoff", "1"]),
    KindCase(kind: .integer(4...16), good: ["4", "10", "16"], bad: ["3", "17", "ten", "10.0", "1e1", " 10", "0x10"]),
    KindCase(
        kind: .address, good: ["127.0.0.1:8081", "localhost:0", "[::1]:65535", "kafka-1.example.com:9092"],
        bad: [
            "127.0.0.1", ":80", "host:", "host:65536", "host:-1", "host:+1", "::1:80", "[::1]", "[zz]:1", "a b:1",
            "http://host:1", "[1]:1", "host:１",
        ]),
    KindCase(
        kind: .addresses, good: ["a:1", "a:1,b:2", "a:1, b:2"], bad: ["a:1,", ",", "a", "a:1;b:2", "ssl://a:1"]),
    KindCase(
        kind: .url,
        good: [
            "https://a.example", "https://a.example:8443/x/", "HTTPS://A.example", "http://127.0.0.1:8083",
            "http://localhost", "http://[::1]:8080/v", "https://{shop}", "http://trusted.lan:81/",
            "http://127.1.2.3/{shop}",
        ],
        bad: [
            "a.example", "ftp://a.example", "http://a.example", "http://10.0.0.1", "https://", "https:///path",
            "https://u:p@a.example", "https://u@a.example", "https://a.example?x=1", "https://a.example#x",
            "https://a .example", "http://127.0.0.1.example", "http://localhost.example",
            "http://127.0.0.1@evil.example",
            "//a.example", "https://a.example/\n", "http://{shop}",
        ]),
    KindCase(
        kind: .base64Key32, good: [key],
        bad: ["AAEC", key + "=", String(key.dropLast()), "=" + key, key + key, key.replacing("A", with: "-")]),
    KindCase(kind: .list, good: ["a", "a,b", "a , b"], bad: ["a,", ",a", "a,,b", ","]),
    KindCase(
        kind: .flag, good: ["1", "0", "true", "FALSE", "on", "off", "yes", "no"], bad: ["2", "maybe", "onn", " on"]),
    KindCase(kind: .custom { $0 == "x" ? nil : "must be x" }, good: ["x"], bad: ["y"]),
]

@Suite struct ConfigurationTests {
    @Test("each kind takes what it should and nothing else", arguments: kinds)
    func kind(_ example: KindCase) {
        let parameter = Parameter("OTP_X", kind: example.kind, help: "an x")
        for value in example.good {
            #expect(
                problems(load([parameter], ["OTP_X": value, "OTP_PLAIN_HTTP_HOSTS": "other, Trusted.lan"])) == [],
                "\(value)")
        }
        for value in example.bad {
            let found = problems(load([parameter], ["OTP_X": value, "OTP_PLAIN_HTTP_HOSTS": "other, Trusted.lan"]))
            #expect(found.count == 1 && found[0].hasPrefix("OTP_X must be "), "\(value)")
        }
    }

    @Test("every problem is named at once, in the order of the table")
    func allAtOnce() {
        let found = problems(
            load(
                CommonParameters.daemon(port: 8082) + [
                    CommonParameters.idKey, CommonParameters.bcryptCost, CommonParameters.publicURL,
                    CommonParameters.twilioURL, CommonParameters.adminToken, CommonParameters.twilioAuthToken,
                    CommonParameters.trustedProxies,
                ],
                [
                    "OTP_KAFKA_BROKERS": "kafka.example:9092", "OTP_KAFKA_OPTIONS": "linger.ms", "OTP_PARTITIONS": "0",
                    "OTP_REPLICATION": "0", "OTP_DELIVERY": "twice", "OTP_TOPIC_PREFIX": "otp/",
                    "OTP_HTTP_BIND": "8082",
                    "OTP_LOG_LEVEL": "loud", "OTP_ID_KEY": "secretsecret", "OTP_BCRYPT_COST": "17",
                    "OTP_TWILIO_URL": "http://api.twilio.com", "OTP_ADMIN_TOKEN": "tooshort",
                    "OTP_TWILIO_AUTH_TOKEN": "a", "OTP_TWILIO_AUTH_TOKEN_FILE": "/b",
                    "OTP_TRUSTED_PROXIES": "10.0.0.0/33",
                ]))
        #expect(
            found.map { $0.split(separator: " ")[0] } == [
                "OTP_KAFKA_OPTIONS", "OTP_TOPIC_PREFIX", "OTP_PARTITIONS", "OTP_REPLICATION", "OTP_DELIVERY",
                "OTP_HTTP_BIND", "OTP_LOG_LEVEL", "OTP_ID_KEY", "OTP_BCRYPT_COST", "OTP_PUBLIC_URL", "OTP_TWILIO_URL",
                "OTP_ADMIN_TOKEN", "OTP_TWILIO_AUTH_TOKEN", "OTP_TRUSTED_PROXIES",
            ])
        #expect(found[2] == "OTP_PARTITIONS must be a whole number from 1 to 1000 (it is \"0\")")
        #expect(found[9] == "OTP_PUBLIC_URL is missing: what the shopper's links begin with")
        #expect(found[12] == "OTP_TWILIO_AUTH_TOKEN and OTP_TWILIO_AUTH_TOKEN_FILE are both set")
        for secret in ["secretsecret", "tooshort"] { #expect(!found.joined().contains(secret)) }
    }

    @Test("a secret comes from its file, without one line end", arguments: ["abc", "abc\n", "abc\r\n"])
    func file(_ contents: String) throws {
        let parameter = Parameter("OTP_S", help: "s", secret: true, required: true)
        let configuration = try load([parameter], ["OTP_S_FILE": "/s"], files: ["/s": contents]).get()
        #expect(configuration.secret("OTP_S") == Array("abc".utf8))
        let twice = try load([parameter], ["OTP_S_FILE": "/s"], files: ["/s": contents + "\n\n"]).get()
        #expect(twice.text("OTP_S").hasPrefix("abc") && twice.text("OTP_S").hasSuffix("\n"))
    }

    @Test("a real file is read")
    func realFile() throws {
        #expect(try Configuration.contents(of: "/proc/self/comm").isEmpty == false)
        #expect(throws: (any Error).self) { try Configuration.contents(of: "/proc/self/no such file") }
    }

    @Test("files that give no value are problems that name the file, never its content")
    func badFiles() {
        let parameters = ["A", "B", "C", "D"].map {
            Parameter("OTP_\($0)", kind: .base64Key32, help: "s", secret: true, required: true)
        }
        let environment = ["OTP_A_FILE": "/none", "OTP_B_FILE": "/empty", "OTP_C_FILE": "/wrong", "OTP_D": ""]
        let found = problems(load(parameters, environment, files: ["/empty": "\n", "/wrong": "hunter2"]))
        #expect(
            found == [
                "OTP_A_FILE (\"/none\") can't be read", "OTP_B_FILE (\"/empty\") is empty",
                "OTP_C must be base64 of 32 bytes", "OTP_D (or OTP_D_FILE) is missing: s",
            ])
        let bytes = Configuration.load([parameters[0]], environment: ["OTP_A_FILE": "/x"]) { _ in [0xff] }
        #expect(problems(bytes) == ["OTP_A_FILE (\"/x\") is not UTF-8"])
    }

    @Test("only secrets have files, and empty values count as unset")
    func unset() throws {
        let parameters = [Parameter("OTP_T", default: "d", help: "t"), Parameter("OTP_U", help: "u")]
        let configuration = try load(parameters, ["OTP_T": "", "OTP_T_FILE": "/t"], files: ["/t": "x"]).get()
        #expect(configuration.text("OTP_T") == "d")
        #expect(!configuration.has("OTP_U") && configuration.optionalText("OTP_U") == nil)
        #expect(configuration.list("OTP_U") == [] && !configuration.flag("OTP_U"))
    }

    @Test("values arrive in their types")
    func values() throws {
        let parameters = [
            Parameter("OTP_I", kind: .integer(0...10), help: ""), Parameter("OTP_F", kind: .flag, help: ""),
            Parameter("OTP_L", kind: .list, help: "", secret: true), Parameter("OTP_A", kind: .address, help: ""),
            Parameter("OTP_U", kind: .url, help: ""), Parameter("OTP_K", kind: .base64Key32, help: "", secret: true),
        ]
        let configuration = try load(
            parameters,
            [
                "OTP_I": "7", "OTP_F": "Yes", "OTP_L": "a, b", "OTP_A": "[::1]:80", "OTP_U": "https://a.example/x//",
                "OTP_K": key,
            ]
        ).get()
        #expect(configuration.integer("OTP_I") == 7 && configuration.flag("OTP_F"))
        #expect(configuration.list("OTP_L") == ["a", "b"])
        #expect(configuration.secretList("OTP_L") == [Array("a".utf8), Array("b".utf8)])
        #expect(configuration.address("OTP_A") == HostPort(host: "::1", port: 80))
        #expect(configuration.address("OTP_A").description == "[::1]:80" && configuration.address("OTP_A").isLoopback)
        #expect(configuration.url("OTP_U") == "https://a.example/x")
        #expect(configuration.secret("OTP_K") == Array(0..<32))
    }

    @Test("a configuration never prints its values")
    func masked() throws {
        let parameter = Parameter("OTP_S", help: "s", secret: true)
        let configuration = try load([parameter], ["OTP_S": "hunter2"]).get()
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("hunter2"))
        }
    }
}
