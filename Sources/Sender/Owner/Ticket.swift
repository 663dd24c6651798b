import Kafka
import Synchronization

/// What an attempt under way still may do: start only while its text is wanted, report only while its partition is
/// ours. The lane's logic withdraws it, from any thread, for good.
final class Ticket: Sendable {
    /// The number of the attempt it was given out for.
    let attempt: Int
    let lane: Lane
    private let stopped = Atomic(false)
    private let closed = Atomic(false)

    init(attempt: Int, lane: Lane) {
        self.attempt = attempt
        self.lane = lane
    }

    var mayStart: Bool { !stopped.load(ordering: .acquiring) && mayReport }

    var mayReport: Bool { !closed.load(ordering: .acquiring) && lane.isOwned }

    /// The text is no longer wanted; if it has left already, its result still counts.
    func stop() { stopped.store(true, ordering: .releasing) }

    /// The partition is lost: nothing about it is ours to tell.
    func close() { closed.store(true, ordering: .releasing) }
}
