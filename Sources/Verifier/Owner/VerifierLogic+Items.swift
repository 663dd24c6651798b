import FoundationEssentials
import Kafka
import Model
import Pipeline

extension VerifierLogic {
    /// A message of `otp.attempts`, read.
    struct Item {
        let record: IncomingRecord
        let id: VerificationID
        let message: AttemptMessage

        init(_ record: IncomingRecord) throws(WireProblem) {
            guard let id = VerificationID(try Wire.key(of: record)) else {
                throw WireProblem("the key is not a verification id")
            }
            self.record = record
            self.id = id
            message = try AttemptMessage(record)
        }

        /// Where the answer goes; nil where nobody asked.
        var ask: AttemptMessage.Ask? {
            switch message {
            case .look(let ask), .resend(let ask): return ask
            case .guess(let guess): return guess.ask
            default: return nil
            }
        }
    }

    /// A guess that only its hash can judge.
    struct Comparison: Sendable {
        let item: Item
        let mac: [UInt8]
        let hash: String
    }
}

extension VerifierLogic.Item: Sendable {}

/// The keyed fingerprint of a guess: 32 bytes as base64 on the wire, its first 12 bytes in a record.
enum Fingerprint {
    static func text(_ mac: [UInt8]) -> String { Data(mac).base64EncodedString() }

    static func bytes(_ text: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), data.count == 32 else { return nil }
        return [UInt8](data)
    }

    /// Twelve bytes tell five wrong codes apart, and keep a record small.
    static func short(_ text: String) -> String { String(text.prefix(16)) }
}

extension AttemptMessage {
    /// The model's command for this message.
    func command(keyId: String?, comparison: Guess.Comparison, attendedSince: Int64) -> VerificationCommand {
        switch self {
        case .opened(let subject): return .opened(subject)
        case .skipped(let order): return .skipped(order)
        case .look: return .look
        case .guess(let guess):
            let fingerprint = keyId.flatMap { guess.fingerprints[$0] }
            return .guess(
                Guess(fingerprint: fingerprint.map(Fingerprint.short), digits: guess.digits, comparison: comparison))
        case .resend: return .resend
        case .challenged(let challenge): return .challenged(challenge)
        case .sent(let report): return .sent(report)
        case .delivered(let report): return .delivered(report)
        case .failed(let failure): return .failed(failure)
        case .undelivered(let report): return .undelivered(report)
        case .orderCancelled: return .orderCancelled
        case .released(let release): return .released(release)
        case .phoneChanged(let subject): return .phoneChanged(subject)
        case .timedOut: return .timedOut(attendedSince: attendedSince)
        case .settle(let action, let round): return .settle(action, round: round)
        case .settled(let result, let intended): return .settled(result, intended: intended)
        case .erase(let erasure): return .erase(erasure)
        }
    }
}
