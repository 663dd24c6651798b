import Foundation
import Testing

@testable import Runtime

@Suite("Prometheus and Grafana")
struct ObservingTests {
    @Test("every daemon is scraped under its service's name, at its port")
    func scraping() throws {
        let jobs = try #require(try YAMLReader.read(Repository.text("compose/prometheus.yml"))["scrape_configs"]?.items)
        let services = try #require(try YAMLReader.read(Repository.text("compose/compose.yaml"))["services"]?.pairs)
        #expect(jobs.count == 4)
        for daemon in Daemons.production {
            let job = try #require(jobs.first { $0["job_name"]?.text == daemon.name })
            let discovery = try #require(job["dns_sd_configs"]?.items?.first)
            #expect(discovery["port"]?.text == Daemons.port(of: daemon).map { "\($0)" })
            let service = try #require(discovery["names"]?.texts?.first)
            #expect(services[service]?["command"]?.texts == [daemon.name])
            #expect(services[service]?["networks"]?.texts?.contains("inside") == true)
        }
        #expect(services["prometheus"]?["networks"]?.texts == ["inside"])
    }

    @Test("both are there on request only")
    func optional() throws {
        let services = try #require(try YAMLReader.read(Repository.text("compose/compose.yaml"))["services"])
        for name in ["prometheus", "grafana"] { #expect(services.at(name, "profiles")?.texts == ["observe"]) }
    }

    @Test("the dashboard asks for metrics the daemons have")
    func dashboard() throws {
        let text = try Repository.text("compose/grafana/provisioning/dashboards/otp-guard.json")
        let board = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(board["uid"] as? String == "otp-guard")
        let asked = Set(text.matches(of: #/\b((otp|process)_[a-z_]+)/#).map { String($0.1) })
        #expect(asked.count > 4)
        let sources = try Repository.swiftSources()
        for name in asked where !name.hasSuffix("_job") {
            // A histogram's series have endings of their own.
            let metric = ["_bucket", "_count", "_sum"].first(where: name.hasSuffix).map {
                String(name.dropLast($0.count))
            }
            #expect(sources.contains("\"\(metric ?? name)\""), "\(name)")
        }
    }

    @Test("the provisioning files can be read", arguments: ["datasources/prometheus.yaml", "dashboards/files.yaml"])
    func provisioning(_ name: String) throws {
        let file = try YAMLReader.read(Repository.text("compose/grafana/provisioning/\(name)"))
        #expect(file["apiVersion"]?.text == "1")
    }
}
