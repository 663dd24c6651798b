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
    }

    /// One end for every accepted order, one id for every event, nothing said twice where that is promised.
    mutating func checkOutcomes() {
        let events = readOutcomes()
        var kinds: [String: [OutcomeKind]] = [:]
        for event in events.keys { kinds[event.order, default: []].append(event.kind) }
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
        for order in acceptedOrders { checkEnd(order, kinds[order.gid] ?? []) }
        for (order, all) in kinds where !known.contains(order) && !evidence.merchantCancelled.contains(order) {
            note(.oneEnd, "\(order) was never accepted and has \(all.map(\.rawValue))")
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
                events[Told(order: order, kind: kind, number: data.number ?? 0), default: [:]][id, default: 0] += 1
            } catch {
                note(.oneEvent, "an unreadable outcome: \(Self.place(record))")
            }
        }
        return events
    }

    private mutating func checkEnd(_ order: ChaosJournal.PlacedOrder, _ kinds: [OutcomeKind]) {
        let states: [OutcomeKind] = kinds.filter { [.verified, .expired, .undeliverable, .skipped].contains($0) }
        let isCancelled = kinds.contains(.cancelled)
        let mayBeCancelled = states == [.expired] || states == [.undeliverable]
        // A cancellation is an end of its own unless it follows one that may be followed.
        var ends = states.map(\.rawValue) + (isCancelled && !mayBeCancelled ? ["cancelled"] : [])
        let deliveries = Set(evidence.accepted.filter { $0.order == order.gid }.map(\.delivery))
        let letters = deliveries.reduce(0) { $0 + min(1, lettersByDelivery[$1] ?? 0) }
        ends += Array(repeating: "dead letter", count: letters)
        if ends.count != 1 {
            let id = ids[order.gid] ?? "no record"
            note(.oneEnd, "\(order.gid) (\(id), \(order.story)) ends \(ends.count) times: \(ends.sorted())")
        }
        for end in ends { figures.add("orders \(end)") }
        if let last = last(order.gid) {
            let told: OutcomeKind?
            switch last.status {
            case .pending: told = nil
            case .verified: told = .verified
            case .expired: told = last.reason == "undeliverable" ? .undeliverable : .expired
            case .cancelled: told = .cancelled
            }
            if let told, !kinds.contains(told) {
                note(.oneEnd, "\(order.gid): the record says \(told.rawValue), the outcomes \(kinds.map(\.rawValue))")
            }
        }
        if kinds.contains(.verified), isCancelled {
            note(.verifiedStands, "\(order.gid) was verified and has a cancelled outcome")
        }
    }
}
