import Foundation
import Testing

@testable import Runtime

/// compose.yaml against the daemons' own tables. No engine is needed, none is asked.
@Suite("compose.yaml")
struct ComposeFileTests {
    private let file: YAML
    private let services: [String: YAML]

    init() throws {
        file = try YAMLReader.read(Repository.text("compose/compose.yaml"))
        services = try #require(file["services"]?.pairs)
    }

    private func service(of daemon: DaemonDescription) throws -> YAML {
        let matching = services.values.filter { $0["command"]?.texts?.first == daemon.name }
        #expect(matching.count == 1, "one service runs \(daemon.name)")
        return try #require(matching.first)
    }

    private func environment(of service: YAML) throws -> [String: String] {
        try #require(service["environment"]?.pairs).mapValues { try #require($0.text) }
    }

    @Test("runs every daemon of the package, and no program it does not know")
    func programs() throws {
        let commands = services.values.compactMap { $0["command"]?.texts?.first }.filter { $0.hasPrefix("otp-") }
        let known = Daemons.production.map(\.name)
        #expect(commands.sorted() == known.sorted())
        let package = try Repository.text("Package.swift")
        for command in commands { #expect(package.contains(".executable(name: \"\(command)\"")) }
    }

    @Test("gives each daemon all it requires, in values it accepts", arguments: Daemons.production.map(\.name))
    func environmentIsComplete(_ name: String) throws {
        let daemon = try #require(Daemons.named(name))
        let service = try service(of: daemon)
        #expect(service["env_file"]?.text == ".env")
        let own = try environment(of: service)
        // What stands in the service wins over the file.
        let all = try EnvironmentFile.filledIn().merging(own) { _, mine in mine }
        #expect(Daemons.problems(daemon, all) == [])
    }

    @Test("names no variable the daemon does not understand", arguments: Daemons.production.map(\.name))
    func environmentIsKnown(_ name: String) throws {
        let daemon = try #require(Daemons.named(name))
        let unknown = Set(try environment(of: service(of: daemon)).keys).subtracting(Daemons.names(of: daemon))
        #expect(unknown == [])
    }

    @Test("the doors listen on their own ports, inside the container only", arguments: Daemons.production.map(\.name))
    func ports(_ name: String) throws {
        let daemon = try #require(Daemons.named(name))
        let service = try service(of: daemon)
        let port = try #require(Daemons.port(of: daemon))
        #expect(try environment(of: service)["OTP_HTTP_BIND"] == "0.0.0.0:\(port)")
        #expect(service.at("healthcheck", "test")?.texts == ["CMD", "otp-ready", "\(port)"])
        #expect(service["ports"] == nil)
    }

    @Test("the health check asks for readiness, at a path every daemon answers")
    func healthPath() throws {
        let probe = try Repository.text("compose/ready")
        #expect(probe.contains("GET /readyz HTTP/1.1"))
        #expect(probe.contains("== 200"))
        #expect(try Repository.text("compose/Dockerfile").contains("compose/ready /usr/local/bin/otp-ready"))
        let routes = try Repository.text("Sources/Shared/Runtime/Lifecycle/OperationsRoutes.swift")
        #expect(routes.contains("\"/readyz\""))
    }

    @Test("each daemon can be scaled, is read-only, and has time to stop", arguments: Daemons.production.map(\.name))
    func shape(_ name: String) throws {
        let service = try service(of: #require(Daemons.named(name)))
        #expect(service["container_name"] == nil)
        #expect(service["read_only"]?.text == "true")
        #expect(service["cap_drop"]?.texts == ["ALL"])
        let grace = try #require(service["stop_grace_period"]?.text?.wholeMatch(of: #/(\d+)s/#))
        #expect(try #require(Int(grace.1)) >= 15)
        #expect(service.at("deploy", "resources", "limits", "memory") != nil)
        #expect(service.at("depends_on", "kafka", "condition")?.text == "service_healthy")
    }

    @Test("all are exactly-once, with plaintext to Kafka allowed by name", arguments: Daemons.production.map(\.name))
    func delivery(_ name: String) throws {
        let environment = try environment(of: service(of: #require(Daemons.named(name))))
        #expect(environment["OTP_DELIVERY"] == "exactly-once")
        #expect(environment["OTP_KAFKA_PLAINTEXT"] == "1")
        #expect(environment["OTP_KAFKA_BROKERS"] == "kafka:9092")
    }

    @Test("Kafka is the official image, one KRaft node that keeps its log and is reached from inside only")
    func kafka() throws {
        let kafka = try #require(services["kafka"])
        #expect(kafka["image"]?.text?.hasPrefix("apache/kafka:") == true)
        #expect(kafka["ports"] == nil)
        #expect(kafka["networks"]?.texts == ["inside"])
        #expect(file.at("networks", "inside", "internal")?.text == "true")
        #expect(kafka["healthcheck"] != nil)
        let environment = try environment(of: kafka)
        #expect(environment["KAFKA_ADVERTISED_LISTENERS"] == "PLAINTEXT://kafka:9092")
        #expect(environment["KAFKA_PROCESS_ROLES"] == "broker,controller")
        let data = try #require(environment["KAFKA_LOG_DIRS"])
        #expect(kafka["volumes"]?.texts == ["kafka-data:\(data)"])
    }

    @Test("only the proxy has ports of the host, and it holds no secret")
    func hostPorts() throws {
        for (name, service) in services {
            for port in service["ports"]?.texts ?? [] where name != "proxy" {
                #expect(port.hasPrefix("127.0.0.1::"), "\(name) may only ask for any free port of loopback")
            }
        }
        let proxy = try #require(services["proxy"])
        #expect(proxy["env_file"] == nil)
        #expect(try environment(of: proxy).keys.sorted() == ["OTP_PUBLIC_URL"])
    }

    @Test("every network, volume and mounted file exists, and every one declared is used")
    func references() throws {
        let networks = services.values.flatMap { $0["networks"]?.texts ?? [] }
        #expect(Set(networks) == Set(try #require(file["networks"]?.pairs).keys))
        let mounts = services.values.flatMap { $0["volumes"]?.texts ?? [] }.map { String($0.prefix { $0 != ":" }) }
        let volumes = mounts.filter { !$0.hasPrefix(".") }
        #expect(Set(volumes) == Set(try #require(file["volumes"]?.pairs).keys))
        for mount in mounts where mount.hasPrefix("./") {
            #expect(Repository.exists("compose/\(mount.dropFirst(2))"), "\(mount)")
        }
        for service in services.values {
            for (dependency, _) in service["depends_on"]?.pairs ?? [:] { #expect(services[dependency] != nil) }
        }
    }
}
