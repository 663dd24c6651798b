import FoundationEssentials
import Base
import Kafka
import Model
import Pipeline
import Synchronization

/// The door's side of a question: puts it on `otp.attempts` with a correlation id and this instance's own partition of
/// `otp.verdicts`, and hands the answer to whoever waits for it.
///
/// Any instance serves any shopper. A question that gets no answer within five seconds fails as `unanswered`; it may
/// be asked again, for the same guess is never counted twice. One whose owner is too far behind fails at once.
final class Switchboard: Sendable {
    enum Failure: Error, Equatable {
        /// Kafka did not take the question, or its owner is too far behind: nothing happened.
        case unavailable
        /// The question is in the log, its answer did not come in time.
        case unanswered
    }

    typealias Completion = @Sendable (Result<Answer, Failure>) -> Void

    private struct Waiting {
        let completion: Completion
        let deadline: Int64
    }

    static let patienceMs: Int64 = 5_000

    let replyPartition: Int32
    private let topology: Topology
    private let produce: @Sendable (OutgoingRecord, @escaping @Sendable (Bool) -> Void) -> Void
    private let clock: @Sendable () -> Int64
    private let state = Mutex((waiting: [String: Waiting](), backlog: Backlog()))
    private let turnedAway = Atomic(0)

    /// - Parameter produce: puts a record on its topic and reports whether it was acknowledged.
    init(
        topology: Topology, replyPartition: Int32, clock: @escaping @Sendable () -> Int64,
        produce: @escaping @Sendable (OutgoingRecord, @escaping @Sendable (Bool) -> Void) -> Void
    ) {
        self.topology = topology
        self.replyPartition = replyPartition
        self.clock = clock
        self.produce = produce
    }

    /// Asks, and calls `completion` exactly once, on any thread.
    ///
    /// - Parameter shop: the only shop whose verification it may be; of any other it is answered as unknown.
    func ask(
        _ id: VerificationID, shop: String? = nil, _ message: (AttemptMessage.Ask) -> AttemptMessage,
        completion: @escaping Completion
    ) {
        let correlation = UUID().uuidString
        let ask = AttemptMessage.Ask(correlation: correlation, replyPartition: replyPartition, shop: shop)
        let question = message(ask)
        var isGuess = false
        if case .guess = question { isGuess = true }
        let (now, partition) = (clock(), topology.partition(of: id.text))
        let isAdmitted = state.withLock { [isGuess] state in
            guard state.backlog.admit(correlation, isGuess: isGuess, partition: partition, now: now) else {
                return false
            }
            state.waiting[correlation] = Waiting(completion: completion, deadline: now + Self.patienceMs)
            return true
        }
        guard isAdmitted else {
            turnedAway.add(1, ordering: .relaxed)
            return completion(.failure(.unavailable))
        }
        produce(question.record(id, topology)) { isAcknowledged in
            guard !isAcknowledged else { return CrashPoint.verifierAsked.reached() }
            self.finish(correlation, .failure(.unavailable))
        }
    }

    /// Takes a row of `otp.verdicts`; those of other instances that share the partition are passed over.
    func take(_ row: IncomingRecord) {
        guard let key = row.key else { return }
        let correlation = String(decoding: key, as: UTF8.self)
        do throws(WireProblem) {
            guard try Wire.type(of: row) == "answer" else { return }
            finish(correlation, .success(try Wire.decode(Answer.self, from: row)))
        } catch {
            finish(correlation, .failure(.unanswered))
        }
    }

    /// Gives up on questions whose time is over.
    func expire() {
        let now = clock()
        let late = state.withLock { state in
            let keys = state.waiting.filter { $0.value.deadline <= now }.map(\.key)
            for key in keys { state.backlog.leave(key, isAnswered: false, now: now) }
            return keys.compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for question in late { question.completion(.failure(.unanswered)) }
    }

    var pending: Int { state.withLock { $0.waiting.count } }
    /// Questions that were not asked because their owner was too far behind.
    var refused: Int { turnedAway.load(ordering: .relaxed) }

    private func finish(_ correlation: String, _ result: Result<Answer, Failure>) {
        let now = clock()
        var isAnswered = false
        if case .success = result { isAnswered = true }
        let question = state.withLock { [isAnswered] state in
            state.backlog.leave(correlation, isAnswered: isAnswered, now: now)
            return state.waiting.removeValue(forKey: correlation)
        }
        question?.completion(result)
    }
}
