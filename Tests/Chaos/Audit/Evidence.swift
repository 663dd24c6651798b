import Foundation
import Kafka
import Model
import Pipeline
import Security

/// All that the audit may look at: the topics, the stand-ins' memory, the journal. Nothing a daemon says of itself.
struct Evidence: Sendable {
    var topology: Topology
    var keyring: Keyring
    var isExactlyOnce: Bool
    /// In log order within a partition.
    var records: [IncomingRecord]
    var journal: [ChaosJournal.Entry]
    /// By order, oldest first.
    var texts: [String: [ChaosWorld.SentText]]
    /// By order.
    var shopOrders: [String: ChaosWorld.ShopOrder]

    func on(_ topic: Topic) -> [IncomingRecord] {
        let name = topology.name(topic)
        return records.filter { $0.topic == name && !Wire.isBeat($0) }
    }

    var placed: [ChaosJournal.PlacedOrder] {
        journal.compactMap { if case .placed(let order) = $0.fact { order } else { nil } }
    }

    var verdicts: [ChaosJournal.Verdict] {
        journal.compactMap { if case .told(let verdict) = $0.fact { verdict } else { nil } }
    }

    /// Different codes by order, sent or told.
    var typed: [String: Set<String>] {
        journal.reduce(into: [:]) { typed, entry in
            guard case .typed(let order, let code) = entry.fact else { return }
            typed[order, default: []].insert(code)
        }
    }

    /// With when they began.
    var blows: [(at: Int64, blow: ChaosJournal.Blow)] {
        journal.compactMap { if case .struck(let blow) = $0.fact { ($0.at, blow) } else { nil } }
    }

    var merchantCancelled: Set<String> {
        Set(journal.compactMap { if case .merchantCancelled(let order) = $0.fact { order } else { nil } })
    }

    /// Accepted deliveries, each with its topic and order.
    var accepted: [(delivery: String, topic: String, order: String?)] {
        journal.compactMap {
            if case .accepted(let delivery, let topic, let order) = $0.fact { (delivery, topic, order) } else { nil }
        }
    }
}

/// What a run broke, with the ids somebody needs to look it up.
struct Violation: Sendable, Equatable, CustomStringConvertible {
    var promise: Promise
    var what: String

    enum Promise: String, Sendable, CaseIterable {
        case oneEnd, fiveGuesses, verifiedStands, oneText, oneEvent, oneSettlement, webhookKept, toldTrue, processes,
            wholeLog
    }

    var description: String { "\(promise.rawValue): \(what)" }
}

/// What a run amounted to.
struct Figures: Sendable, Equatable {
    private(set) var counts: [(name: String, count: Int)] = []

    mutating func add(_ name: String, _ count: Int = 1) {
        if let index = counts.firstIndex(where: { $0.name == name }) {
            counts[index].count += count
        } else {
            counts.append((name, count))
        }
    }

    subscript(name: String) -> Int { counts.first { $0.name == name }?.count ?? 0 }

    static func == (one: Figures, other: Figures) -> Bool {
        one.counts.elementsEqual(other.counts) { $0 == $1 }
    }

    /// One line each, in the order they were counted.
    var text: String { counts.map { "  \($0.count) \($0.name)" }.joined(separator: "\n") }
}
