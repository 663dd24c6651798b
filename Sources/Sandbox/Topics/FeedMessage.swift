import Base
import Kafka
import Pipeline
import Security

/// A message that went by on a topic, as the page and tests get to see it.
struct FeedMessage: Sendable, Encodable, Equatable {
    struct Header: Sendable, Encodable, Equatable {
        var name: String
        var value: String
    }

    /// Counts what went by, from 1.
    var number: Int
    var topic: String
    var partition: Int32
    var offset: Int64
    /// Milliseconds since 1970.
    var at: Int64
    var key: String?
    /// `otp-type`, or the CloudEvent's type.
    var type: String?
    var headers: [Header]
    /// The value where it is short text; nil for a tombstone too, see `size`.
    var value: String?
    /// Bytes of the value; nil for a tombstone.
    var size: Int?

    static let longestText = 4096

    init(_ record: IncomingRecord, number: Int) {
        self.number = number
        topic = record.topic
        partition = record.partition
        offset = record.offset
        at = record.timestamp
        key = record.key.map(Self.text)
        type = record.header(Wire.typeHeader) ?? record.header("ce_type")
        headers = record.headers.map { Header(name: $0.name, value: Self.text($0.value)) }
        size = record.value?.count
        if let bytes = record.value, bytes.count < Self.longestText {
            value = String(validating: bytes, as: UTF8.self)
        }
    }

    /// What is not UTF-8 is shown by its bytes.
    private static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self) ?? "0x" + Hex.encode(bytes)
    }
}
