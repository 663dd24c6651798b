import FoundationEssentials
import Kafka
import Security

/// A message that could not be processed, as it is put aside on `otp.dead`: sealed whole, its reason in a header.
///
/// A message too large to be put aside is named by its place alone, so that it can't block its partition.
/// Nothing of an unreadable message can be trusted to be harmless, so its value and its headers are sealed under the
/// operator's key; only where it came from and why it is here can be read without it.
public struct DeadLetter: Codable, Equatable, Sendable {
    public struct Header: Codable, Equatable, Sendable {
        public var name: String
        public var value: Data
    }

    public var key: Data?
    public var value: Data?
    public var headers: [Header]
    /// Nil for a whole message; else how large its letter would have been: too large for the topic. Then nothing of it
    /// is here: it can be read where it came from, as long as that is kept.
    public var leftOut: Int?

    /// The largest letter, before it is sealed and gets its headers.
    static let largest = Catalogue.dead.maximumMessageBytes - 65_536

    public static func record(
        _ message: IncomingRecord, reason: String, daemon: String, _ keyring: Keyring, _ topology: Topology
    ) -> OutgoingRecord {
        let letter = DeadLetter(
            key: message.key.map { Data($0) }, value: message.value.map { Data($0) },
            headers: message.headers.map { Header(name: $0.name, value: Data($0.value)) })
        let whole = Wire.encode(letter)
        let isWhole = whole.count <= largest
        let plain = isWhole ? whole : Wire.encode(DeadLetter(headers: [], leftOut: whole.count))
        let place = "\(message.topic)/\(message.partition)/\(message.offset)"
        let key = keyring.current
        return OutgoingRecord(
            topic: topology.name(Catalogue.dead),
            partition: Partitioner.partition(of: message.key ?? [], count: topology.partitions),
            key: safeKey(message.key),
            value: AESGCM.seal(
                plain, key: sealingKey(key), associated: Array(place.utf8)),
            headers: [
                KafkaHeader(Wire.typeHeader, "dead-letter"), KafkaHeader(Wire.versionHeader, String(Wire.version)),
                KafkaHeader("reason", reason), KafkaHeader("from", place), KafkaHeader("daemon", daemon),
                KafkaHeader("key-id", key.id),
            ] + (isWhole ? [] : [KafkaHeader("left-out", String(whole.count))]))
    }

    /// Opens a dead letter; only a holder of the keyring can.
    public init(opening record: IncomingRecord, _ keyring: Keyring) throws(WireProblem) {
        guard let place = record.header("from"), let keyId = record.header("key-id"), let value = record.value else {
            throw WireProblem("not a dead letter")
        }
        guard let key = keyring[keyId] else { throw WireProblem("sealed under the unknown key \(keyId)") }
        do {
            let plain = try AESGCM.open(value, key: Self.sealingKey(key), associated: Array(place.utf8))
            self = try JSONDecoder().decode(DeadLetter.self, from: Data(plain))
        } catch {
            throw WireProblem("the seal does not fit")
        }
    }

    init(key: Data? = nil, value: Data? = nil, headers: [Header], leftOut: Int? = nil) {
        self.key = key
        self.value = value
        self.headers = headers
        self.leftOut = leftOut
    }

    private static func sealingKey(_ key: Keyring.Key) -> [UInt8] {
        Digest.hkdfSHA256(key: key.wrapping.bytes, salt: [], info: "otp-guard/dead/v1", count: 32)
    }

    /// The original key where it is one of ours (a shop, an id, a hash); a hash of it where it could be anything.
    private static func safeKey(_ key: [UInt8]?) -> [UInt8]? {
        guard let key else { return nil }
        let isLetter: (UInt8) -> Bool = { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
        let isOurs =
            key.count <= 255 && key.contains(where: isLetter)
            && key.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "/"), UInt8(ascii: ":"):
                    return true
                default: return false
                }
            }
        return isOurs ? key : Digest.sha256(key)
    }
}
