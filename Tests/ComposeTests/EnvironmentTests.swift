import Foundation
import Testing

@testable import Runtime

/// Who is told what: compose.yaml's environments against the daemons' own tables of parameters.
@Suite("The containers' environments")
struct EnvironmentTests {
    private let services: [String: YAML]

    init() throws {
        services = try #require(try YAMLReader.read(Repository.text("compose/compose.yaml"))["services"]?.pairs)
    }

    /// As they stand in the file.
    private func environment(_ service: String) throws -> [String: String] {
        try (services[service]?["environment"]?.pairs ?? [:]).mapValues { try #require($0.text) }
    }

    private func service(_ daemon: String) throws -> String {
        try #require(services.first { $0.value["command"]?.texts == [daemon] }?.key)
    }

    /// What the container is started with.
    private func filled(_ service: String, _ values: [String: String]) throws -> [String: String] {
        try environment(service).mapValues { try Interpolation.fill($0, values) }
    }

    /// What each replica would share, and must not.
    private static let ownNames: Set = ["OTP_INSTANCE"]

    @Test("each daemon is given all that its table names, and nothing else", arguments: Daemons.production.map(\.name))
    func byName(_ name: String) throws {
        let daemon = try #require(Daemons.named(name))
        let given = try environment(service(name))
        let known = Daemons.names(of: daemon)
        for missing in known.subtracting(given.keys).subtracting(Self.ownNames).sorted() {
            Issue.record("compose.yaml gives \(name) no \(missing): ${\(missing):-}")
        }
        #expect(Set(given.keys).subtracting(known) == [])
        // One name is never filled from another: with two exceptions, that say so.
        for (name, value) in given {
            let others = Interpolation.names(in: value).subtracting([name])
            switch name {
            case "OTP_WEBHOOK_URL": #expect(others == ["OTP_PUBLIC_URL"])
            case "OTP_ADMIN_TOKEN": #expect(others.isSubset(of: ["OTP_TEST_NUMBERS"]))
            case "OTP_TRUSTED_PROXIES": #expect(others == ["OTP_FRONT_SUBNET"])
            default: #expect(others == [], "\(name)")
            }
        }
    }

    @Test("what compose/keys writes and the operator adds is enough", arguments: Daemons.production.map(\.name))
    func complete(_ name: String) throws {
        let daemon = try #require(Daemons.named(name))
        let all = try filled(service(name), EnvironmentFile.filledIn())
        #expect(Daemons.problems(daemon, all) == [])
    }

    @Test("a value of .env reaches every daemon that understands it", arguments: Daemons.production.map(\.name))
    func passedOn(_ name: String) throws {
        let daemon = try #require(Daemons.named(name))
        let names = Daemons.names(of: daemon)
        var values = Dictionary(uniqueKeysWithValues: names.map { ($0, "value of \($0)") })
        values["OTP_FRONT_SUBNET"] = "value of OTP_TRUSTED_PROXIES"
        // These are what the file itself says: the broker it starts, and how the daemon is reached there.
        let fixed: Set = ["OTP_KAFKA_BROKERS", "OTP_KAFKA_PLAINTEXT", "OTP_DELIVERY", "OTP_HTTP_BIND"]
        for (name, value) in try filled(service(name), values) where !fixed.contains(name) {
            #expect(value == values[name])
        }
    }

    @Test("no container is given a secret that its program does not know")
    func secrets() throws {
        let secrets = Set(Daemons.all.flatMap(\.parameters).filter(\.secret).map(\.name))
        #expect(secrets.count >= 6)
        let values = Dictionary(uniqueKeysWithValues: secrets.map { ($0, "<\($0)>") })
        for (service, entry) in services {
            #expect(entry["env_file"] == nil, "\(service)")
            let daemon = entry["command"]?.texts?.first.flatMap(Daemons.named)
            let known = daemon.map { Set($0.parameters.filter(\.secret).map(\.name)) } ?? []
            let all = values.merging(["OTP_PUBLIC_URL": "https://x.example"]) { _, mine in mine }
            let text = try filled(service, all).values.joined()
            for secret in secrets where text.contains("<\(secret)>") {
                #expect(known.contains(secret), "\(service) holds \(secret)")
            }
        }
    }

    @Test("Sender gets the operator's token for test numbers alone")
    func testNumbers() throws {
        let values = ["OTP_ADMIN_TOKEN": "token"]
        #expect(try filled("sender", values)["OTP_ADMIN_TOKEN"] == "")
        let both = values.merging(["OTP_TEST_NUMBERS": "+15005550006"]) { _, mine in mine }
        #expect(try filled("sender", both)["OTP_ADMIN_TOKEN"] == "token")
    }

    @Test("callbacks come to the public address unless another is named")
    func webhookURL() throws {
        let values = ["OTP_PUBLIC_URL": "https://otp.example.com"]
        for service in ["ingest", "sender"] {
            #expect(try filled(service, values)["OTP_WEBHOOK_URL"] == "https://otp.example.com")
            let other = values.merging(["OTP_WEBHOOK_URL": "https://hooks.example.com"]) { _, mine in mine }
            #expect(try filled(service, other)["OTP_WEBHOOK_URL"] == "https://hooks.example.com")
        }
    }

    @Test("the proxy is told its own address alone, and nothing starts without one")
    func proxy() throws {
        #expect(try environment("proxy").keys.sorted() == ["OTP_PUBLIC_URL"])
        #expect(throws: Interpolation.Problem.self) { try filled("proxy", ["OTP_PUBLIC_URL": ""]) }
    }

    @Test(
        "compose's dollar signs",
        arguments: [
            ("a", "a"), ("${A}", "1"), ("${B}", ""), ("${A:-2}", "1"), ("${B:-2}", "2"), ("${C:-2}", "2"),
            ("x${A}y", "x1y"), ("${B:-${A}}", "1"), ("${B:-${C:-3}}", "3"), ("${A:+${C:-3}}", "3"), ("${B:+3}", ""),
            ("$$A", "$A"),
            ("${A:?no}", "1"),
        ])
    func interpolation(_ text: String, _ expected: String) throws {
        #expect(try Interpolation.fill(text, ["A": "1", "C": ""]) == expected)
    }

    @Test("what can't be filled in is an error", arguments: ["$A", "${A", "${A-b}", "${}", "${B:?no}", "a$"])
    func noInterpolation(_ text: String) {
        #expect(throws: Interpolation.Problem.self) { try Interpolation.fill(text, ["A": "1"]) }
    }
}
