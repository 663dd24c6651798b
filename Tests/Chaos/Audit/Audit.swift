import Foundation
import Kafka
import Model
import Pipeline
import Security

/// The independent verifier: recomputes every promise from the evidence alone and names what was broken.
struct Audit {
    let evidence: Evidence
    var violations: [Violation] = []
    var figures = Figures()
    /// The history of each verification's record, by applied offset, then as written.
    private(set) var histories: [String: [Verification]] = [:]
    /// Verification ids by order.
    private(set) var ids: [String: String] = [:]
    /// Ways an order's webhooks ended in the dead letters, by delivery.
    var lettersByDelivery: [String: Int] = [:]

    init(_ evidence: Evidence) {
        self.evidence = evidence
        for record in evidence.on(Catalogue.records) {
            guard let key = record.key, record.value != nil else { continue }
            do throws(WireProblem) {
                let verification = try Wire.decode(Verification.self, from: record)
                let id = String(decoding: key, as: UTF8.self)
                histories[id, default: []].append(verification)
                ids[verification.subject.order] = id
            } catch {
                note(.wholeLog, "an unreadable record at \(Self.place(record))")
            }
        }
        // Swift's sort keeps the order of equals.
        for id in histories.keys { histories[id]?.sort { $0.applied < $1.applied } }
    }

    /// All checks.
    static func run(_ evidence: Evidence) -> Audit {
        var audit = Audit(evidence)
        audit.checkLog()
        audit.checkWebhooks()
        audit.checkDeadLetters()
        audit.checkOutcomes()
        audit.checkGuesses()
        audit.checkTold()
        audit.checkTexts()
        audit.checkShop()
        audit.checkProcesses()
        return audit
    }

    mutating func note(_ promise: Violation.Promise, _ what: String) {
        violations.append(Violation(promise: promise, what: what))
    }

    static func place(_ record: IncomingRecord) -> String { "\(record.topic)/\(record.partition)/\(record.offset)" }

    /// Verifications opened after nobody could be asked about them: their order's `skipped` was not its end.
    func openedAfterSkip() -> Set<String> {
        var skipped: Set<String> = []
        var opened: Set<String> = []
        for record in evidence.on(Catalogue.attempts) {
            guard let id = record.key.map({ String(decoding: $0, as: UTF8.self) }) else { continue }
            switch Self.message(record) {
            case .skipped: skipped.insert(id)
            case .opened where skipped.contains(id): opened.insert(id)
            default: continue
            }
        }
        return opened
    }

    func last(_ order: String) -> Verification? { ids[order].flatMap { histories[$0]?.last } }

    /// Orders whose `orders/create` was accepted.
    var acceptedOrders: [ChaosJournal.PlacedOrder] {
        let accepted = Set(evidence.accepted.filter { $0.topic == "orders/create" }.compactMap(\.order))
        return evidence.placed.filter { accepted.contains($0.gid) }
    }

    var report: String {
        let head = violations.isEmpty ? "no promise was broken" : "\(violations.count) violations:"
        return ([head] + violations.map { "  \($0)" } + ["figures:", figures.text]).joined(separator: "\n")
    }
}

extension Audit {
    /// The mock keeps 5 MiB of a partition and lets a reader skip silently: what was not read proves nothing.
    mutating func checkLog() {
        var sizes: [String: Int] = [:]
        var next: [String: Int64] = [:]
        for record in evidence.records {
            let partition = "\(record.topic)/\(record.partition)"
            let headers = record.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.count + 4 }
            sizes[partition, default: 0] += (record.key?.count ?? 0) + (record.value?.count ?? 0) + headers + 70
            let expected = next[partition] ?? 0
            // A real broker counts its transactions' ends as offsets too.
            if record.offset != expected, !evidence.isExactlyOnce || record.offset < expected {
                note(.wholeLog, "\(partition): offset \(record.offset) where \(expected) was next")
            }
            next[partition] = record.offset + 1
        }
        figures.add("messages on the topics", evidence.records.count)
        let largest = sizes.values.max() ?? 0
        figures.add("bytes in the fullest partition", largest)
        if !evidence.isExactlyOnce, largest > 5 << 20 {
            note(.wholeLog, "a partition holds \(largest) bytes: more than the mock keeps")
        }
    }

    /// What was acknowledged stands in the log.
    mutating func checkWebhooks() {
        let kept = Set(evidence.on(Catalogue.webhooks).compactMap { $0.header("delivery-id") })
        let accepted = evidence.accepted
        figures.add("webhooks accepted", accepted.count)
        for webhook in accepted where !kept.contains(webhook.delivery) {
            note(
                .webhookKept, "\(webhook.topic) \(webhook.delivery) of \(webhook.order ?? "nobody") is not in the log")
        }
        for entry in evidence.journal {
            guard case .refused(let delivery, let topic, let order) = entry.fact else { continue }
            figures.add("webhooks refused to the end")
            note(.webhookKept, "\(topic) \(delivery) of \(order ?? "nobody") found no open door for a minute")
        }
    }

    /// What nobody can understand is put aside; nothing else is.
    mutating func checkDeadLetters() {
        let orders = Dictionary(
            evidence.accepted.map { ($0.delivery, $0.order) }, uniquingKeysWith: { first, _ in first })
        for letter in evidence.on(Catalogue.dead) {
            figures.add("dead letters")
            let delivery: String
            do throws(WireProblem) {
                let opened = try DeadLetter(opening: letter, evidence.keyring)
                delivery =
                    opened.headers.first { $0.name == "delivery-id" }
                    .map { String(decoding: $0.value, as: UTF8.self) } ?? ""
            } catch {
                note(.oneEnd, "a dead letter nobody can open: \(Self.place(letter))")
                continue
            }
            lettersByDelivery[delivery, default: 0] += 1
            let isExpected = delivery.hasPrefix("nonsense-") || orders[delivery].flatMap { $0 } != nil
            if !isExpected {
                let (from, reason) = (letter.header("from") ?? "?", letter.header("reason") ?? "?")
                note(.oneEnd, "a dead letter of ours: \(from), \(reason)")
            }
        }
        for webhook in evidence.accepted where webhook.order == nil {
            let count = lettersByDelivery[webhook.delivery, default: 0]
            if count == 0 { note(.oneEnd, "the nonsense \(webhook.delivery) disappeared") }
            // A webhook that got a 503 may be in the log all the same; each time it is, it is put aside.
            let times = evidence.on(Catalogue.webhooks).count { $0.header("delivery-id") == webhook.delivery }
            if count != times, evidence.isExactlyOnce {
                note(.oneEnd, "the nonsense \(webhook.delivery), \(times) times in the log, has \(count) dead letters")
            }
        }
    }

    /// No daemon ended as none may, and what was done to them.
    mutating func checkProcesses() {
        for entry in evidence.journal {
            guard case .fell(let daemon, let how) = entry.fact else { continue }
            note(.processes, "\(daemon): \(how)")
        }
        for (_, blow) in evidence.blows {
            let detail = blow.kind == .crashed ? " at \(blow.detail.prefix { $0 != ":" })" : ""
            figures.add("× \(blow.daemon) \(blow.kind.rawValue)\(detail)")
        }
    }
}
