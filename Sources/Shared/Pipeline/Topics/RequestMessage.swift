import Kafka
import Model

/// The messages of `otp.requests`: what a number range's owner (Sender) is asked and told.
public enum RequestMessage: Equatable, Sendable {
    case send(SendRequest)
    case stop(throughGeneration: Int)
    case attempted(SendAttempt)
    case receipt(DeliveryReceipt)
    case again(SendAgain)
    /// The shopper has typed the code: a text into this range was of use.
    case verified

    struct Stop: Codable {
        var throughGeneration: Int
    }

    private struct Empty: Codable {}

    /// - Parameter range: the keyed hash of the number range; it decides the partition, and stays with the message.
    public func record(_ id: VerificationID, range: String, _ topology: Topology) -> OutgoingRecord {
        func make(_ type: String, _ value: some Encodable) -> OutgoingRecord {
            Wire.record(
                Catalogue.requests, topology, key: id.text, partitionedBy: range, type: type,
                value: Wire.encode(value))
        }
        switch self {
        case .send(let value): return make("send", value)
        case .stop(let generation): return make("stop", Stop(throughGeneration: generation))
        case .attempted(let value): return make("attempted", value)
        case .receipt(let value): return make("receipt", value)
        case .again(let value): return make("again", value)
        case .verified: return make("verified", Empty())
        }
    }

    public init(_ record: IncomingRecord) throws(WireProblem) {
        switch try Wire.type(of: record) {
        case "send": self = .send(try Wire.decode(SendRequest.self, from: record))
        case "stop":
            self = .stop(throughGeneration: try Wire.decode(Stop.self, from: record).throughGeneration)
        case "attempted": self = .attempted(try Wire.decode(SendAttempt.self, from: record))
        case "receipt": self = .receipt(try Wire.decode(DeliveryReceipt.self, from: record))
        case "again": self = .again(try Wire.decode(SendAgain.self, from: record))
        case "verified": self = .verified
        default: throw WireProblem("unknown type")
        }
    }
}
