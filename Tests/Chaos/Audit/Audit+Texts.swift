import Foundation
import Kafka
import Model
import Pipeline
import Security

/// What left for phones.
extension Audit {
    /// How far two clocks, and our noticing of an end, may be apart.
    private static let slackMs: Int64 = 1000

    /// Every text carries a code of its verification; one text for each that was asked for, and one more at most for
    /// each time a Sender was lost while that text was in flight.
    mutating func checkTexts() {
        let flights = readFlights()
        let losses = evidence.blows.filter { $0.blow.daemon == "otp-sender" && $0.blow.kind.loses }
        for (order, texts) in evidence.texts where !texts.isEmpty {
            figures.add("texts sent", texts.count)
            guard let id = ids[order], let uuid = VerificationID(id)?.uuid, let last = last(order),
                let key = evidence.keyring[last.subject.keyId]
            else {
                note(.oneText, "\(order) got \(texts.count) texts and has no record")
                continue
            }
            var unexplained = texts
            for generation in 1...last.generation {
                let code = OneTimeCode.derive(
                    key: key.code, id: uuid, generation: generation, digits: last.subject.codeLength
                ).digits
                let sent = texts.count { $0.code == code }
                unexplained.removeAll { $0.code == code }
                let numbers = last.texts.filter { $0.generation == generation }.map(\.number)
                let extra = sent - numbers.count
                guard extra > 0 else { continue }
                let excuses = numbers.reduce(0) { sum, number in
                    guard let flight = flights["\(id)/\(number)"] else { return sum }
                    return sum + losses.count { $0.at <= flight.upperBound && $0.blow.until >= flight.lowerBound }
                }
                figures.add("texts sent once more", extra)
                if extra > excuses {
                    note(
                        .oneText,
                        "\(id) (\(order)), generation \(generation): \(sent) texts for \(numbers.count) asked for, "
                            + "\(excuses) Senders lost meanwhile")
                }
            }
            for text in unexplained {
                note(.oneText, "\(id) (\(order)): a text at \(text.at) with a code of no generation")
            }
        }
    }

    /// From the first row of a text's job to the first that knows how it ended.
    private mutating func readFlights() -> [String: ClosedRange<Int64>] {
        var begun: [String: Int64] = [:]
        var ended: [String: Int64] = [:]
        for record in evidence.on(Catalogue.sends) {
            guard let key = record.key else { continue }
            do throws(WireProblem) {
                let job = try Wire.decode(SendJob.self, from: record)
                let name = "\(String(decoding: key, as: UTF8.self))/\(job.number)"
                begun[name] = begun[name] ?? record.timestamp
                if !job.isOpen { ended[name] = ended[name] ?? record.timestamp }
            } catch {
                note(.wholeLog, "an unreadable job: \(Self.place(record))")
            }
        }
        return begun.reduce(into: [:]) { flights, begin in
            let end = max(ended[begin.key] ?? .max - Self.slackMs, begin.value)
            flights[begin.key] = begin.value - Self.slackMs...end + Self.slackMs
        }
    }
}
