import Kafka

/// Sending a dead letter's message again, and the mark on `otp.dead` that says that it was.
extension DeadLetter {
    /// Where a message stood before it was put aside.
    public struct Origin: Equatable, Sendable, CustomStringConvertible {
        public let topic: String
        public let partition: Int32
        public let offset: Int64

        /// From `topic/partition/offset`; topic names hold no slash.
        public init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 3, !parts[0].isEmpty, let partition = Int32(parts[1]), partition >= 0,
                let offset = Int64(parts[2]), offset >= 0
            else { return nil }
            topic = String(parts[0])
            self.partition = partition
            self.offset = offset
        }

        public var description: String { "\(topic)/\(partition)/\(offset)" }
    }

    /// What the letter says of its origin; true for sure only once the letter was opened, which it is sealed with.
    public static func origin(of record: IncomingRecord) -> Origin? {
        record.header("from").flatMap(Origin.init)
    }

    /// The message as it was, byte for byte, for the partition that it came from.
    public func message(for origin: Origin) -> OutgoingRecord {
        OutgoingRecord(
            topic: origin.topic, partition: origin.partition, key: key.map { [UInt8]($0) },
            value: value.map { [UInt8]($0) },
            headers: headers.map { KafkaHeader(name: $0.name, value: [UInt8]($0.value)) })
    }

    private static let redrivenHeader = "redriven"

    /// Says that the letter at this place of `otp.dead` has been sent again; stands behind it in its partition.
    public static func mark(of letter: IncomingRecord) -> OutgoingRecord {
        OutgoingRecord(
            topic: letter.topic, partition: letter.partition, key: letter.key, value: nil,
            headers: [
                KafkaHeader(Wire.typeHeader, "redriven"), KafkaHeader(Wire.versionHeader, String(Wire.version)),
                KafkaHeader(redrivenHeader, "\(letter.partition)/\(letter.offset)"),
            ])
    }

    /// The `partition/offset` that a mark is about; nil when the record is none.
    public static func marked(by record: IncomingRecord) -> String? {
        record.value == nil ? record.header(redrivenHeader) : nil
    }
}
