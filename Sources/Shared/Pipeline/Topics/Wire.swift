import FoundationEssentials
import Kafka

/// How typed messages stand on topics: JSON values, the type and the schema version in headers.
///
/// Unknown fields are ignored; an unknown type, an unknown version, a value that does not decode or numbers that nobody
/// can mean are a `WireProblem`, which sends a message to the dead letters and has a row counted and passed over.
public enum Wire {
    public static let typeHeader = "otp-type"
    public static let versionHeader = "otp-version"
    public static let version = 1

    public static func encode(_ value: some Encodable) -> [UInt8] {
        do {
            return [UInt8](try JSONEncoder().encode(value))
        } catch {
            // Every value we write is ours and holds only strings, integers and arrays of them.
            preconditionFailure("a message type that JSON can't hold: \(Swift.type(of: value))")
        }
    }

    public static func decode<Value: Decodable & Plausible>(
        _ type: Value.Type, from record: IncomingRecord
    ) throws(WireProblem) -> Value {
        guard let bytes = record.value else { throw WireProblem("no value") }
        let value: Value
        do {
            value = try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw WireProblem("not a valid \(type)")
        }
        guard value.isPlausible else { throw WireProblem("impossible numbers") }
        return value
    }

    /// A record of a topic that holds one type only.
    public static func record(
        _ topic: Topic, _ topology: Topology, key: String, partitionedBy: String? = nil, type: String,
        value: [UInt8]?, headers: [KafkaHeader] = []
    ) -> OutgoingRecord {
        OutgoingRecord(
            topic: topology.name(topic), partition: topology.partition(of: partitionedBy ?? key),
            key: Array(key.utf8), value: value,
            headers: [KafkaHeader(typeHeader, type), KafkaHeader(versionHeader, String(version))] + headers)
    }

    /// The message's type, once its schema version is known to be one we read.
    public static func type(of record: IncomingRecord) throws(WireProblem) -> String {
        guard let type = record.header(typeHeader) else { throw WireProblem("no \(typeHeader) header") }
        guard let version = record.header(versionHeader).flatMap(Int.init) else {
            throw WireProblem("no \(versionHeader) header")
        }
        // Both are of unknown making, and a reason can be read by anybody.
        guard version == Self.version else { throw WireProblem("unknown version") }
        return type
    }

    /// The key as text.
    public static func key(of record: IncomingRecord) throws(WireProblem) -> String {
        guard let bytes = record.key, let text = String(validating: bytes, as: UTF8.self) else {
            throw WireProblem("no key")
        }
        return text
    }

    /// A key that begins like this is a beat: it keeps segments rolling and says nothing (but in `otp.records`).
    public static let beatPrefix = "__beat/"

    public static func isBeat(_ record: IncomingRecord) -> Bool {
        record.key?.starts(with: beatPrefix.utf8) ?? false
    }

    public static func beat(_ topic: Topic, _ topology: Topology, partition: Int32, value: [UInt8]? = nil)
        -> OutgoingRecord
    {
        OutgoingRecord(
            topic: topology.name(topic), partition: partition, key: Array("\(beatPrefix)\(partition)".utf8),
            value: value,
            headers: [KafkaHeader(typeHeader, "beat"), KafkaHeader(versionHeader, String(version))])
    }
}

/// Why a message can't be understood, in words without anything of its content.
public struct WireProblem: Error, Equatable, Sendable, CustomStringConvertible {
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}
