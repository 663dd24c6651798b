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
            #expect(services[service]?["networks"]?.texts?.contains("metrics") == true)
        }
        #expect(services["prometheus"]?["networks"]?.texts?.contains("metrics") == true)
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
        #expect(Self.metrics(in: text).count > 4)
        #expect(try Self.unknown(Self.metrics(in: text)) == [])
    }

    @Test("every alert asks for metrics the daemons have, says what is wrong, and is in the operator's table")
    func alerts() throws {
        let rules = try Self.rules()
        #expect(Set(rules.map { $0["alert"]?.text }).count == rules.count)
        let table = try Repository.text("docs/OPERATING.md")
        for rule in rules {
            let name = try #require(rule["alert"]?.text)
            let expression = try #require(rule["expr"]?.text)
            let metrics = Self.metrics(in: expression)
            #expect(!metrics.isEmpty || expression.contains(#/\bup\b/#), "\(name)")
            #expect(try Self.unknown(metrics) == [], "\(name)")
            #expect(["critical", "warning"].contains(rule.at("labels", "severity")?.text), "\(name)")
            #expect(rule.at("annotations", "summary")?.text?.isEmpty == false, "\(name)")
            #expect(table.contains("`\(name)`"), "\(name) is not in docs/OPERATING.md")
        }
    }

    @Test(
        "what INTERNALS asks to be told of, it is told of, and in that time",
        arguments: [
            ("up == 0", "2m"), ("otp_sender_provider_repair", "2m"), ("otp_sender_destination_repair", "2m"),
            ("otp_sender_breaker", "10m"), ("otp_desk_lag", "5m"), ("otp_stalled_partitions", nil),
            ("otp_dead_letters_total", nil), ("otp_desk_buried_total", nil),
        ] as [(String, String?)])
    func told(_ what: String, _ after: String?) throws {
        let rules = try Self.rules().filter { $0["expr"]?.text?.contains(what) == true }
        #expect(rules.count == 1)
        #expect(rules.first?["for"]?.text == after)
        #expect(rules.first?["expr"]?.text?.contains(#/> \d+$|== 0$/#) == true)
    }

    @Test("every daemon is missed when none of it is left to be asked")
    func missing() throws {
        let expressions = try Self.rules().compactMap { $0["expr"]?.text }
        for daemon in Daemons.production {
            #expect(expressions.contains("absent(up{job=\"\(daemon.name)\"} == 1)"))
        }
    }

    @Test("Prometheus reads the rules, keeps its data where its volume is, and not without end")
    func prometheus() throws {
        let file = try YAMLReader.read(Repository.text("compose/prometheus.yml"))
        #expect(file["rule_files"]?.texts == ["alerts.yml"])
        let service = try YAMLReader.read(Repository.text("compose/compose.yaml")).at("services", "prometheus")
        #expect(service?["volumes"]?.texts?.contains("./alerts.yml:/etc/prometheus/alerts.yml:ro") == true)
        let command = try #require(service?["command"]?.texts)
        #expect(command.contains("--storage.tsdb.path=/prometheus"))
        #expect(service?["volumes"]?.texts?.contains("prometheus-data:/prometheus") == true)
        for bound in ["time", "size"] {
            #expect(command.contains { $0.hasPrefix("--storage.tsdb.retention.\(bound)=") })
        }
    }

    @Test("Grafana can write what it must, calls nobody, and finds every folder it looks for")
    func grafana() throws {
        let grafana = try YAMLReader.read(Repository.text("compose/compose.yaml")).at("services", "grafana")
        #expect(grafana?["tmpfs"]?.texts?.contains("/var/lib/grafana:uid=472,gid=0,mode=0700") == true)
        for name in ["REPORTING_ENABLED", "CHECK_FOR_UPDATES", "CHECK_FOR_PLUGIN_UPDATES"] {
            #expect(grafana?.at("environment", "GF_ANALYTICS_\(name)")?.text == "false")
        }
        #expect(grafana?.at("environment", "GF_PLUGINS_PREINSTALL_DISABLED")?.text == "true")
        for folder in ["alerting", "dashboards", "datasources", "plugins"] {
            #expect(try !Repository.files(in: "compose/grafana/provisioning/\(folder)").isEmpty)
        }
    }

    @Test("the provisioning files can be read", arguments: ["datasources/prometheus.yaml", "dashboards/files.yaml"])
    func provisioning(_ name: String) throws {
        let file = try YAMLReader.read(Repository.text("compose/grafana/provisioning/\(name)"))
        #expect(file["apiVersion"]?.text == "1")
    }

    private static func rules() throws -> [YAML] {
        let groups = try #require(try YAMLReader.read(Repository.text("compose/alerts.yml"))["groups"]?.items)
        return groups.flatMap { $0["rules"]?.items ?? [] }
    }

    /// The names in a text that are the daemons' by their beginning.
    private static func metrics(in text: String) -> Set<String> {
        Set(text.matches(of: #/\b((otp|process)_[a-z_]+)/#).map { String($0.1) }.filter { !$0.hasSuffix("_job") })
    }

    /// Those that no daemon has.
    private static func unknown(_ names: Set<String>) throws -> [String] {
        let sources = try Repository.swiftSources()
        return names.filter { name in
            // A histogram's series have endings of their own.
            let metric = ["_bucket", "_count", "_sum"].first(where: name.hasSuffix).map {
                String(name.dropLast($0.count))
            }
            return !sources.contains("\"\(metric ?? name)\"")
        }.sorted()
    }
}
