/// A partition's logic at its owner's desk. Confined to its lane (one serial executor per partition): never called
/// concurrently, always in the order restore*, restored, then decide or tick, each followed by exactly one `committed`
/// or `rolledBack`; `closed` is the last call.
public protocol DeskLogic: AnyObject {
    /// A row of this partition's tables, in log order within a topic; value nil is a tombstone. Bad rows are counted,
    /// not thrown.
    func restore(_ row: IncomingRecord)
    /// All tables have been read.
    func restored(now: Int64)
    /// The highest offset of the input that a restored row says has been applied; nil when no row says so. One beyond
    /// the input's end means a recreated topic and stops the daemon. Asked after the tables have been read.
    func appliedOffset() -> Int64?
    /// Decides messages in log order. May block (hashing on the pool). State changes stay undoable until the verdict.
    func decide(_ batch: [IncomingRecord]) -> [StagedRecord]
    /// About every tick interval, or soon after `Lane.wake()`.
    func tick(now: Int64) -> [StagedRecord]
    /// Once: the input as it stood at assignment has been decided and committed.
    func caughtUp(now: Int64)
    /// The last decide or tick is durable: outside calls may start now.
    func committed()
    /// The last decide or tick did not happen: undo it.
    func rolledBack()
    /// A message whose outputs the broker refused twice: what to write instead. Followed by a verdict like decide.
    func bury(_ message: IncomingRecord, reason: String) -> [StagedRecord]
    /// The partition is lost or the desk stops: drop outside calls.
    func closed()
}

extension DeskLogic {
    public func appliedOffset() -> Int64? { nil }
}

/// At-least-once acknowledges in this order, then commits the offset; exactly-once commits all at once.
public enum Stage: Int, Sendable, CaseIterable {
    case opening
    case effect
    case state
    case reply
}

/// An output of a decision with the stage it belongs to.
public struct StagedRecord: Sendable, Equatable {
    public let stage: Stage
    public let record: OutgoingRecord

    public init(_ stage: Stage, _ record: OutgoingRecord) {
        self.stage = stage
        self.record = record
    }

    public init(stage: Stage, record: OutgoingRecord) {
        self.init(stage, record)
    }
}
