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

    @Test(
        "there are as many of each daemon as .env says, at any `up`",
        arguments: [
            ("otp-ingest", "OTP_INGESTS", 1), ("otp-sender", "OTP_SENDERS", 1), ("otp-verifier", "OTP_VERIFIERS", 2),
            ("otp-reaper", "OTP_REAPERS", 1),
        ])
    func replicas(_ name: String, _ variable: String, _ usual: Int) throws {
        let service = try service(of: #require(Daemons.named(name)))
        #expect(service["container_name"] == nil)
        #expect(service.at("deploy", "replicas")?.text == "${\(variable):-\(usual)}")
        // A name of its own would be the same in each.
        #expect(try environment(of: service)["OTP_INSTANCE"] == nil)
        for document in ["README.md", "docs/OPERATING.md", "compose/compose.yaml"] {
            #expect(try !Repository.text(document).contains("--scale"))
        }
        #expect(try Repository.text("compose/keys").contains("\(variable) (\(usual))"))
    }

    @Test("each daemon has time to stop, and its memory without swap", arguments: Daemons.production.map(\.name))
    func shape(_ name: String) throws {
        let service = try service(of: #require(Daemons.named(name)))
        let grace = try #require(service["stop_grace_period"]?.text?.wholeMatch(of: #/(\d+)s/#))
        #expect(try #require(Int(grace.1)) >= 15)
        let memory = try #require(service.at("deploy", "resources", "limits", "memory")?.text)
        #expect(service["memswap_limit"]?.text == memory)
        #expect(service.at("depends_on", "kafka", "condition")?.text == "service_healthy")
    }

    @Test("all are exactly-once, with plaintext to Kafka allowed by name", arguments: Daemons.production.map(\.name))
    func delivery(_ name: String) throws {
        let environment = try environment(of: service(of: #require(Daemons.named(name))))
        #expect(environment["OTP_DELIVERY"] == "exactly-once")
        #expect(environment["OTP_KAFKA_PLAINTEXT"] == "1")
        #expect(environment["OTP_KAFKA_BROKERS"] == "kafka:9092")
    }

    @Test("the image is built once, and nobody asks a registry for it")
    func image() throws {
        #expect(services.filter { $0.value["build"] != nil }.map(\.key) == ["ingest"])
        for daemon in Daemons.production {
            let service = try service(of: daemon)
            #expect(service["image"]?.text == "otp-guard")
            #expect(service["pull_policy"]?.text == "never")
        }
    }

    @Test("every container is read-only, without privileges, core dumps or logs without end; its memory is bounded")
    func contained() throws {
        for (name, service) in services {
            #expect(service["read_only"]?.text == "true", "\(name)")
            #expect(service["cap_drop"]?.texts == ["ALL"], "\(name)")
            #expect(service["security_opt"]?.texts == ["no-new-privileges:true"], "\(name)")
            #expect(service.at("ulimits", "core")?.text == "0", "\(name)")
            #expect(service.at("logging", "options", "max-size")?.text == "10m", "\(name)")
            #expect(service["restart"]?.text == "unless-stopped", "\(name)")
            #expect(service.at("deploy", "resources", "limits", "memory") != nil, "\(name)")
        }
    }

    @Test(
        "images of others are named by a minor version at least",
        arguments: ["proxy", "kafka", "prometheus", "grafana"])
    func versions(_ name: String) throws {
        let image = try #require(services[name]?["image"]?.text)
        #expect(image.contains(#/:v?\d+\.\d+/#), "\(image)")
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
