import Kafka
import Model
import Testing

@testable import Pipeline

@Suite("The catalogue")
struct CatalogueTests {
    @Test("declares the fourteen topics, each once")
    func all() {
        #expect(Catalogue.all.count == 14)
        #expect(Set(Catalogue.all.map(\.name)).count == 14)
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
