import Foundation
import Kafka
import Model
import Testing

@testable import Pipeline

@Suite("The catalogue")
struct CatalogueTests {
    @Test("declares the fifteen topics, each once")
    func all() {
        #expect(Catalogue.all.count == 15)
        #expect(Set(Catalogue.all.map(\.name)).count == 15)
    }

    @Test("the table in docs/INTERNALS.md has its keys, times, writers and readers")
    func documented() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let text = try String(contentsOf: root.appending(path: "docs/INTERNALS.md"), encoding: .utf8)
        let rows = Set(text.split(separator: "\n").map(String.init))
        for topic in Catalogue.all {
            let kept =
                switch topic.policy {
                case .delete(afterMs: 600_000): "10 minutes"
                case .delete(afterMs: 396 * 86_400_000): "13 months"
                case .delete(let afterMs): "\(afterMs / 86_400_000) days"
                case .compact: topic.name == "shops" ? "while installed" : "until its tombstone"
                }
            let people = [topic.writers, topic.readers].map { $0.joined(separator: ", ") }
            let row = "| `\(topic.name)` | \(topic.key) | \(kept) | \(people.joined(separator: " | ")) |"
            #expect(rows.contains(row), "\(row)")
        }
    }

    @Test("a message lives longer than the longest journey it can be part of")
    func longEnough() {
        for topic in [
            Catalogue.webhooks, Catalogue.orders, Catalogue.requests, Catalogue.sends, Catalogue.attempts,
        ] {
            guard case .delete(let afterMs) = topic.policy else {
                Issue.record("\(topic.name) is not deleted by age")
                continue
            }
            #expect(afterMs - topic.segmentMs > Catalogue.longestJourneyMs)
            #expect(afterMs - topic.segmentMs >= Intake.rememberedMs)
        }
    }

    @Test("nothing relies on compact,delete; retention is the promise less one segment")
    func policies() {
        for topic in Catalogue.all {
            let settings = topic.configuration
            switch topic.policy {
            case .compact:
                #expect(settings["cleanup.policy"] == "compact")
                #expect(settings["segment.ms"] == settings["max.compaction.lag.ms"])
                #expect(settings["retention.ms"] == nil)
            case .delete(let afterMs):
                #expect(settings["cleanup.policy"] == "delete")
                #expect(settings["retention.ms"] == String(afterMs - topic.segmentMs))
            }
        }
        #expect(Catalogue.verdicts.configuration["segment.ms"] == "300000")
        #expect(Catalogue.webhooks.configuration["retention.ms"] == String(7 * 86_400_000 - 6 * 3_600_000))
        #expect(Catalogue.webhooks.configuration["max.message.bytes"] == "4194304")
        #expect(Catalogue.attempts.configuration["message.timestamp.type"] == "LogAppendTime")
    }

    @Test("a writer's own time goes before the broker's clock by an hour at most, where the broker knows that")
    func times() {
        for topic in Catalogue.all {
            let wanted = topic.usesLogAppendTime ? [:] : ["message.timestamp.after.max.ms": "3600000"]
            #expect(topic.preferred == wanted)
            #expect(topic.configuration["message.timestamp.after.max.ms"] == nil)
        }
        #expect(Topology().declarations.map(\.preferred) == Catalogue.all.map(\.preferred))
    }

    @Test("every topic with data of people or shops has somebody who keeps its segments rolling")
    func beats() {
        #expect(Catalogue.all.filter { $0.beatsFrom == nil }.map(\.name) == ["verdicts"])
    }

    @Test("names, groups and transactional ids begin with the prefix")
    func names() {
        let topology = Topology(prefix: "shop1.", partitions: 6)
        #expect(topology.name(Catalogue.records) == "shop1.records")
        #expect(topology.group(of: "sender") == "shop1.sender")
        #expect(topology.transactionalIdPrefix(of: "sender") == "shop1.sender-")
        #expect(topology.declarations.allSatisfy { $0.partitions == 6 })
        #expect(topology.partition(of: "abc") == Partitioner.partition(of: Array("abc".utf8), count: 6))
    }
}
