import Foundation
import Kafka
import Model
import Pipeline

/// What shoppers typed and what was made of it.
extension Audit {
    /// Replays the guesses in log order against the verdicts that left.
    mutating func checkGuesses() {
        let verdicts = readVerdicts()
        var wrong: [String: [Int: Set<String>]] = [:]
        for record in evidence.on(Catalogue.attempts) {
            guard let key = record.key, case .guess(let guess)? = Self.message(record) else { continue }
            let id = String(decoding: key, as: UTF8.self)
            figures.add("guesses in the log")
            guard let kind = verdicts[guess.ask.correlation], let history = histories[id],
                let before = history.last(where: { $0.applied < record.offset }) ?? history.first,
                let fingerprint = guess.fingerprints[before.subject.keyId]
            else { continue }
            let known = wrong[id]?[before.generation] ?? []
            switch kind {
            case .mismatch:
                wrong[id, default: [:]][before.generation] = known.union([fingerprint])
                if known.count >= 5, !known.contains(fingerprint) {
                    note(.fiveGuesses, "\(id), generation \(before.generation): a sixth wrong code was compared")
                }
            case .verified where known.count >= 5:
                note(.fiveGuesses, "\(id), generation \(before.generation): a code was taken after five wrong ones")
            default: break
            }
        }
        let typed = evidence.typed
        for (id, history) in histories { checkCounts(id, history, typed) }
    }

    /// All rows of one generation together know no more than five wrong codes, or two owners have counted apart.
    private mutating func checkCounts(_ id: String, _ history: [Verification], _ typed: [String: Set<String>]) {
        var counted: [Int: Set<String>] = [:]
        for row in history { counted[row.generation, default: []].formUnion(row.wrongGuesses) }
        for (generation, codes) in counted where codes.count > 5 {
            note(.fiveGuesses, "\(id), generation \(generation): \(codes.count) different wrong codes were counted")
        }
        guard let order = history.first?.subject.order else { return }
        let typed = typed[order]?.count ?? 0
        for (generation, codes) in counted where codes.count > typed {
            note(
                .fiveGuesses, "\(id), generation \(generation): \(codes.count) wrong codes counted, \(typed) were typed"
            )
        }
        if counted.values.contains(where: { $0.count == 5 }) { figures.add("generations locked") }
    }

    /// By correlation id. A repeated answer must be the same answer.
    private mutating func readVerdicts() -> [String: Answer.Kind] {
        var verdicts: [String: Answer.Kind] = [:]
        for record in evidence.on(Catalogue.verdicts) {
            guard let key = record.key else { continue }
            let correlation = String(decoding: key, as: UTF8.self)
            do throws(WireProblem) {
                let kind = try Wire.decode(Answer.self, from: record).kind
                if let known = verdicts[correlation] {
                    figures.add("verdicts repeated")
                    if known != kind {
                        note(.fiveGuesses, "question \(correlation) was answered \(known) and \(kind)")
                    } else if evidence.isExactlyOnce {
                        note(.oneEvent, "question \(correlation) was answered twice")
                    }
                }
                verdicts[correlation] = kind
            } catch {
                note(.toldTrue, "an unreadable verdict: \(Self.place(record))")
            }
        }
        return verdicts
    }

    static func message(_ record: IncomingRecord) -> AttemptMessage? {
        do throws(WireProblem) {
            return try AttemptMessage(record)
        } catch {
            return nil
        }
    }

    /// What a shopper was told is what happened.
    mutating func checkTold() {
        let typed = evidence.typed
        for verdict in evidence.verdicts {
            figures.add("verdicts told: \(verdict.kind)")
            let wrong = typed[verdict.order]?.count ?? 0
            switch verdict.kind {
            case "verified":
                if last(verdict.order)?.status != .verified {
                    note(.toldTrue, "\(verdict.order) was told verified, its record says otherwise")
                }
            case "mismatch":
                if let left = verdict.attemptsLeft, left < 5 - wrong {
                    note(.toldTrue, "\(verdict.order): \(wrong) codes typed, told that \(left) attempts are left")
                }
            case "unknown":
                note(.toldTrue, "\(verdict.order) got a text and was told unknown")
            default: break
            }
        }
    }
}
