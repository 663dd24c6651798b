import Kafka
import Model

/// `opt-out` on `otp.requests`: somebody answered STOP, or START, to our texts. Its key is the phone's keyed hash, as
/// that of the row it changes in `otp.numbers`; it goes where the requests of the phone's range go.
public struct OptOutMessage: Equatable, Sendable {
    public static let type = "opt-out"

    public var phone: NumberKey
    /// STOP; false is START.
    public var isOut: Bool

    private struct Body: Codable, Plausible {
        var isOut: Bool

        var isPlausible: Bool { true }
    }

    public init(phone: NumberKey, isOut: Bool) {
        self.phone = phone
        self.isOut = isOut
    }

    public func record(range: String, _ topology: Topology) -> OutgoingRecord {
        Wire.record(
            Catalogue.requests, topology, key: phone.text, partitionedBy: range, type: Self.type,
            value: Wire.encode(Body(isOut: isOut)))
    }

    /// Nil where the record is of another type.
    public init?(_ record: IncomingRecord) throws(WireProblem) {
        guard try Wire.type(of: record) == Self.type else { return nil }
        guard let phone = NumberKey(try Wire.key(of: record)) else { throw WireProblem("the key is no keyed hash") }
        self.init(phone: phone, isOut: try Wire.decode(Body.self, from: record).isOut)
    }
}
