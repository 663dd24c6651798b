import Kafka

/// The word that one partition of `otp.records` holds nothing any more that an erasure asks to go; the value of
/// `otp.receipts`, keyed `request/partition`, written by Reaper.
///
/// It is written after a whole sweep that began when the request was known and found no such row, not even an old one
/// that compaction has still to remove. The request is done once every partition has its receipt; repeating one is
/// harmless.
public struct ErasureReceipt: Codable, Equatable, Sendable {
    /// The id of the `ErasureRequest`.
    public var request: String
    /// The partition of `otp.records` that was swept.
    public var partition: Int32
    /// When the clean sweep ended, in milliseconds since 1970.
    public var cleanAt: Int64

    public init(request: String, partition: Int32, cleanAt: Int64) {
        self.request = request
        self.partition = partition
        self.cleanAt = cleanAt
    }

    public func record(_ topology: Topology) -> OutgoingRecord {
        Wire.record(
            Catalogue.receipts, topology, key: "\(request)/\(partition)", partitionedBy: request, type: "receipt",
            value: Wire.encode(self))
    }

    public init(_ record: IncomingRecord) throws(WireProblem) {
        guard try Wire.type(of: record) == "receipt" else { throw WireProblem("unknown type") }
        self = try Wire.decode(ErasureReceipt.self, from: record)
    }
}
