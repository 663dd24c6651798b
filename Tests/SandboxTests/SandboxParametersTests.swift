import Runtime
import Testing

@testable import Sandbox

@Suite("The sandbox's configuration")
struct SandboxParametersTests {
    private static func load(_ environment: [String: String]) throws -> Configuration {
        try Configuration.load(SandboxProgram.description.parameters, environment: environment).get()
    }

    @Test("needs no variable at all")
    func defaults() throws {
        let configuration = try Self.load([:])
        #expect(SandboxParameters.problems(configuration).isEmpty)
        let settings = SandboxParameters.settings(configuration)
        #expect(settings.kafka == HostPort(host: "127.0.0.1", port: 19092))
        #expect(settings.daemons.all.map(\.url) == (8081...8084).map { "http://127.0.0.1:\($0)" })
    }

    @Test(
        "refuses any address off loopback, for HTTP and for Kafka",
        arguments: ["OTP_HTTP_BIND", "OTP_SANDBOX_KAFKA"],
        ["0.0.0.0:8080", "192.0.2.1:1", "[::]:8080", "example.com:80"])
    func loopbackOnly(_ name: String, _ address: String) throws {
        let problems = SandboxParameters.problems(try Self.load([name: address]))
        #expect(problems.count == 1)
        #expect(problems.first?.contains("\(name) must be a loopback address (it is \(address))") == true)
    }

    @Test("takes every loopback address", arguments: ["127.0.0.1:0", "127.1.2.3:80", "[::1]:8080", "localhost:1"])
    func loopback(_ address: String) throws {
        #expect(SandboxParameters.problems(try Self.load(["OTP_HTTP_BIND": address])).isEmpty)
    }
}
