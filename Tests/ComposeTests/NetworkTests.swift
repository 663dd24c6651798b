import Testing

@testable import Runtime

/// Who can reach whom: compose.yaml's networks.
@Suite("The containers' networks")
struct NetworkTests {
    private let networks: [String: YAML]
    private let services: [String: YAML]

    init() throws {
        let file = try YAMLReader.read(Repository.text("compose/compose.yaml"))
        networks = try #require(file["networks"]?.pairs)
        services = try #require(file["services"]?.pairs)
    }

    private func members(_ network: String) -> Set<String> {
        Set(services.filter { $0.value["networks"]?.texts?.contains(network) == true }.keys)
    }

    private func isInternal(_ network: String) -> Bool { networks[network]?["internal"]?.text == "true" }

    @Test(
        "each has its purpose, and who is in it",
        arguments: [
            ("public", ["proxy"], false), ("front", ["ingest", "proxy", "verifier"], true),
            ("kafka", ["ingest", "kafka", "reaper", "sender", "verifier"], true),
            ("metrics", ["ingest", "prometheus", "reaper", "sender", "verifier"], true),
            ("dashboards", ["grafana", "prometheus"], true), ("viewers", ["grafana"], false),
            ("outside", ["ingest", "reaper", "sender"], false),
        ] as [(String, [String], Bool)])
    func purpose(_ name: String, _ who: [String], _ staysInside: Bool) {
        #expect(members(name).sorted() == who)
        #expect(isInternal(name) == staysInside)
    }

    @Test("every service is in a network that is named, none in the default one; there is no other")
    func complete() {
        for (name, service) in services { #expect(service["networks"]?.texts?.isEmpty == false, "\(name)") }
        #expect(Set(services.values.flatMap { $0["networks"]?.texts ?? [] }) == Set(networks.keys))
        #expect(networks.count == 7)
    }

    @Test("the broker, which asks nobody who they are, is reached by daemons alone")
    func broker() {
        let daemons = Set(Daemons.production.map { String($0.name.dropFirst("otp-".count)) })
        #expect(services["kafka"]?["networks"]?.texts == ["kafka"])
        #expect(members("kafka").subtracting(["kafka"]) == daemons)
    }

    @Test("the door that strangers reach leads nowhere outside, nor does what stores")
    func noWayOut() {
        for name in ["verifier", "kafka", "prometheus"] {
            let entered = services[name]?["networks"]?.texts ?? []
            #expect(entered.allSatisfy(isInternal), "\(name)")
        }
    }

    @Test("Verifier believes the proxy's network alone, and that has a subnet of its own")
    func trusted() throws {
        let front = try #require(networks["front"]?.at("ipam", "config")?.items)
        #expect(front.count == 1)
        let subnet = try #require(front.first?["subnet"]?.text)
        #expect(services["verifier"]?.at("environment", "OTP_TRUSTED_PROXIES")?.text == subnet)
        let usual = try Interpolation.fill(subnet, [:])
        #expect(usual.hasSuffix("/24"))
        let open = try #require(networks["public"]?.at("ipam", "config")?.items).compactMap { $0["subnet"]?.text }
        #expect(try open.allSatisfy { try Interpolation.fill($0, [:]) != usual })
    }

    @Test("shoppers' IPv6 connections keep their addresses up to the proxy")
    func ipv6() throws {
        #expect(networks["public"]?["enable_ipv6"]?.text == "true")
        let subnets = try #require(networks["public"]?.at("ipam", "config")?.items).compactMap { $0["subnet"]?.text }
        let usual = try subnets.map { try Interpolation.fill($0, [:]) }
        #expect(usual.contains { $0.hasPrefix("fd") && $0.hasSuffix("::/64") })
    }

    @Test("only the proxy has ports of the host; Grafana any free one of loopback")
    func ports() {
        for (name, service) in services {
            for port in service["ports"]?.texts ?? [] where name != "proxy" {
                #expect(name == "grafana" && port.hasPrefix("127.0.0.1::"), "\(name): \(port)")
            }
        }
        #expect(services["proxy"]?["ports"]?.texts == ["80:80", "443:443", "443:443/udp"])
    }
}
