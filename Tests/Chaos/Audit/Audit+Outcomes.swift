import Foundation
import Kafka
import Model
import Pipeline

/// What subscribers were told.
extension Audit {
    private struct Told: Hashable {
        let order: String
        let kind: OutcomeKind
        let number: Int
        /// Which opening it tells of; 0 is the first.
        let round: Int
    }

    /// One end for every accepted order, one id for every event, nothing said twice where that is promised.
    mutating func checkOutcomes() {
        let events = readOutcomes()
        var told: [String: [Told]] = [:]
        for event in events.keys { told[event.order, default: []].append(event) }
        for (event, ids) in events {
            let what = "\(event.kind.rawValue) \(event.number) of \(event.order)"
            if ids.count > 1 { note(.oneEvent, "\(what) has \(ids.count) ids: \(ids.keys.sorted())") }
            let repeats = ids.values.reduce(0, +) - ids.count
            if repeats > 0 {
                figures.add("outcomes repeated with the same id", repeats)
                if evidence.isExactlyOnce { note(.oneEvent, "\(what) was written \(repeats + 1) times") }
            }
        }
        let known = Set(acceptedOrders.map(\.gid))
        figures.add("orders accepted", known.count)
        let openedLate = openedAfterSkip()
        for order in acceptedOrders {
            let isLate = ids[order.gid].map(openedLate.contains) ?? false
            checkEnd(order, told[order.gid] ?? [], isOpenedLate: isLate)
        }
        for (order, all) in told where !known.contains(order) && !evidence.merchantCancelled.contains(order) {
            note(.oneEnd, "\(order) was never accepted and has \(all.map(\.kind.rawValue))")
        }
    }

    /// Events by what they say, each with its ids and how often each was written.
    private mutating func readOutcomes() -> [Told: [String: Int]] {
        var events: [Told: [String: Int]] = [:]
        for record in evidence.on(Catalogue.outcomes) where record.value != nil {
            guard let order = record.header("ce_subject"), let id = record.header("ce_id"),
                let kind = record.header("ce_type").flatMap({ type in
                    OutcomeKind.allCases.first { $0.eventType == type }
                })
            else {
                note(.oneEvent, "an outcome without its attributes: \(Self.place(record))")
                continue
            }
            do throws(WireProblem) {
                let data = try Wire.decode(OutcomeData.self, from: record)
                let told = Told(
                    order: order, kind: kind, number: data.number ?? 0, round: Self.round(id, kind, data))
                events[told, default: [:]][id, default: 0] += 1
            } catch {
                note(.oneEvent, "an unreadable outcome: \(Self.place(record))")
            }
        }
        return events
    }

    /// Which opening an end tells of, by its id; texts are told apart by their numbers.
    private static func round(_ id: String, _ kind: OutcomeKind, _ data: OutcomeData) -> Int {
        guard data.number == nil, let verification = data.verification else { return 0 }
        let later = 1...max(1, Verification.lastRound)
        return later.first { OutcomeRecord.eventId(verification, kind, round: $0) == id } ?? 0
    }

    /// - Parameter isOpenedLate: whether it was opened after it had been skipped, which then was no end.
    private mutating func checkEnd(_ order: ChaosJournal.PlacedOrder, _ told: [Told], isOpenedLate: Bool) {
        let last = last(order.gid)
        let lastRound = max(last?.roundNumber ?? 0, told.map(\.round).max() ?? 0)
        for round in 0..<lastRound {
            // Only one that no text could reach is opened again.
            let ends = Self.ends(told, round, isOpenedLate: isOpenedLate)
            if ends != ["undeliverable"] {
                note(.oneEnd, "\(order.gid) was opened again after \(ends)")
            }
            figures.add("orders opened again")
        }
        var ends = Self.ends(told, lastRound, isOpenedLate: isOpenedLate)
        let deliveries = Set(evidence.accepted.filter { $0.order == order.gid }.map(\.delivery))
        let letters = deliveries.reduce(0) { $0 + min(1, lettersByDelivery[$1] ?? 0) }
        ends += Array(repeating: "dead letter", count: letters)
        if ends.count != 1 {
            let id = ids[order.gid] ?? "no record"
            note(.oneEnd, "\(order.gid) (\(id), \(order.story)) ends \(ends.count) times: \(ends.sorted())")
        }
        for end in ends { figures.add("orders \(end)") }
        let kinds = told.filter { $0.round == lastRound }.map(\.kind)
        if let last, let kind = Self.end(of: last), !kinds.contains(kind) {
            note(.oneEnd, "\(order.gid): the record says \(kind.rawValue), the outcomes \(kinds.map(\.rawValue))")
        }
        if told.contains(where: { $0.kind == .verified }), told.contains(where: { $0.kind == .cancelled }) {
            note(.verifiedStands, "\(order.gid) was verified and has a cancelled outcome")
        }
    }

    /// The ends that were told of one opening.
    private static func ends(_ told: [Told], _ round: Int, isOpenedLate: Bool) -> [String] {
        let kinds = told.filter { $0.round == round }.map(\.kind)
        let states: [OutcomeKind] = kinds.filter {
            [.verified, .expired, .undeliverable].contains($0) || ($0 == .skipped && !isOpenedLate)
        }
        let mayBeCancelled = states == [.expired] || states == [.undeliverable]
        // A cancellation is an end of its own unless it follows one that may be followed.
        let isEnd = kinds.contains(.cancelled) && !mayBeCancelled
        return states.map(\.rawValue) + (isEnd ? ["cancelled"] : [])
    }

    /// What must have been told of a record as it is; nil where it has not ended.
    private static func end(of record: Verification) -> OutcomeKind? {
        switch record.status {
        case .pending: nil
        case .verified: .verified
        case .expired where record.isSkipped: .skipped
        case .expired: record.reason == "undeliverable" ? .undeliverable : .expired
        case .cancelled: .cancelled
        }
    }
}
