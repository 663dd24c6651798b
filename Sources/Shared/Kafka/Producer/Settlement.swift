/// What became of a decision.
enum Verdict: Sendable {
    case settled
    /// It did not happen: undo it, then decide again.
    case undone(KafkaError)
    /// The partition is gone or the desk gives up waiting; nothing more is to be written.
    case abandoned(KafkaError)
    /// The daemon must end.
    case fatal(KafkaError)
}

/// How a lane makes a decision durable. Confined to its lane. The only place where the delivery modes differ.
protocol Settlement: AnyObject {
    /// Whether an offset alone costs as much as records do. Then a decision that wrote nothing waits for the next one
    /// that does, or for a tick: done again after a crash, it writes nothing again.
    var isCostly: Bool { get }
    /// Before anything is read: fences a predecessor. Throws when the daemon must end; false when `isWanted` ended.
    func open(while isWanted: () -> Bool) throws(KafkaError) -> Bool
    /// Writes the records and, unless `offset` is nil, that the input is done below it.
    func settle(
        _ staged: [StagedRecord], offset: Int64?, _ metadata: GroupMetadata?, while isWanted: () -> Bool
    ) -> Verdict
    func close()
}
