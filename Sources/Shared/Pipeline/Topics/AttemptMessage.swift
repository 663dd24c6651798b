import Kafka
import Model

/// The messages of `otp.attempts`: what Verifier's owner is asked and told, with where an answer goes.
public enum AttemptMessage: Equatable, Sendable {
    case opened(Subject)
    /// An order that nobody can be asked about, for a person to look at.
    case skipped(SkippedOrder)
    case look(Ask)
    case guess(GuessAsk)
    case resend(Ask)
    case challenged(Challenge)
    case sent(TextReport)
    case delivered(TextReport)
    case failed(TextFailure)
    case undelivered(UndeliveredText)
    case orderCancelled
    case released(Release)
    case phoneChanged(Subject)
    case timedOut
    /// - Parameter round: of the verification whose end is settled, in a header; nil is the first.
    case settle(Settlement.Action, round: Int? = nil)
    /// - Parameter intended: the settlement's `intendedAt`, in a header; nil where an older Reaper tells of it.
    case settled(Settlement.Result, intended: Int64? = nil)
    case erase(Erasure)

    /// A question of a door: the answer goes to this partition of `otp.verdicts`, under this key.
    public struct Ask: Codable, Equatable, Sendable {
        public var correlation: String
        public var replyPartition: Int32
        /// Asked in this shop's name: of a verification of another one nothing is told, nothing counted.
        public var shop: String?

        public init(correlation: String, replyPartition: Int32, shop: String? = nil) {
            self.correlation = correlation
            self.replyPartition = replyPartition
            self.shop = shop
        }
    }

    public struct GuessAsk: Codable, Equatable, Sendable {
        public var ask: Ask
        /// HMAC(pepper, id|code) in base64, by the id of each key the door holds.
        public var fingerprints: [String: String]
        /// How many digits the code has; nil where the door did not say.
        public var digits: Int?

        public init(ask: Ask, fingerprints: [String: String], digits: Int? = nil) {
            self.ask = ask
            self.fingerprints = fingerprints
            self.digits = digits
        }
    }

    private struct Empty: Codable {}

    public func record(_ id: VerificationID, _ topology: Topology) -> OutgoingRecord {
        func make(_ type: String, _ value: some Encodable, _ headers: [KafkaHeader] = []) -> OutgoingRecord {
            Wire.record(
                Catalogue.attempts, topology, key: id.text, type: type, value: Wire.encode(value), headers: headers)
        }
        switch self {
        case .opened(let value): return make("opened", value)
        case .skipped(let value): return make("skipped", value)
        case .look(let value): return make("look", value)
        case .guess(let value): return make("guess", value)
        case .resend(let value): return make("resend", value)
        case .challenged(let value): return make("challenged", value)
        case .sent(let value): return make("sent", value)
        case .delivered(let value): return make("delivered", value)
        case .failed(let value): return make("failed", value)
        case .undelivered(let value): return make("undelivered", value)
        case .orderCancelled: return make("order-cancelled", Empty())
        case .released(let value): return make("released", value)
        case .phoneChanged(let value): return make("phone-changed", value)
        case .timedOut: return make("timed-out", Empty())
        case .settle(let value, let round):
            return make("settle", value, round.map { [KafkaHeader(Self.roundHeader, String($0))] } ?? [])
        case .settled(let value, let intended):
            return make("settled", value, intended.map { [KafkaHeader(Self.intendedHeader, String($0))] } ?? [])
        case .erase(let value): return make("erase", value)
        }
    }

    public init(_ record: IncomingRecord) throws(WireProblem) {
        let type = try Wire.type(of: record)
        switch type {
        case "opened": self = .opened(try Wire.decode(Subject.self, from: record))
        case "skipped": self = .skipped(try Wire.decode(SkippedOrder.self, from: record))
        case "look": self = .look(try Wire.decode(Ask.self, from: record))
        case "guess": self = .guess(try Wire.decode(GuessAsk.self, from: record))
        case "resend": self = .resend(try Wire.decode(Ask.self, from: record))
        case "challenged": self = .challenged(try Wire.decode(Challenge.self, from: record))
        case "sent": self = .sent(try Wire.decode(TextReport.self, from: record))
        case "delivered": self = .delivered(try Wire.decode(TextReport.self, from: record))
        case "failed": self = .failed(try Wire.decode(TextFailure.self, from: record))
        case "undelivered": self = .undelivered(try Wire.decode(UndeliveredText.self, from: record))
        case "order-cancelled": self = .orderCancelled
        case "released": self = .released(try Wire.decode(Release.self, from: record))
        case "phone-changed": self = .phoneChanged(try Wire.decode(Subject.self, from: record))
        case "timed-out": self = .timedOut
        case "settle":
            self = .settle(try Wire.decode(Settlement.Action.self, from: record), round: try Self.round(record))
        case "settled":
            self = .settled(
                try Wire.decode(Settlement.Result.self, from: record), intended: try Self.intended(record))
        case "erase": self = .erase(try Wire.decode(Erasure.self, from: record))
        default: throw WireProblem("unknown type")
        }
    }

    private static let roundHeader = "round"
    private static let intendedHeader = "intended"

    private static func round(_ record: IncomingRecord) throws(WireProblem) -> Int? {
        guard let text = record.header(roundHeader) else { return nil }
        guard let round = Int(text), (0...1_000_000).contains(round) else { throw WireProblem("impossible numbers") }
        return round
    }

    private static func intended(_ record: IncomingRecord) throws(WireProblem) -> Int64? {
        guard let text = record.header(intendedHeader) else { return nil }
        guard let moment = Int64(text), PlausibleRange.rowMoments.contains(moment) else {
            throw WireProblem("impossible numbers")
        }
        return moment
    }
}
