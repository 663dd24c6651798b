#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import CrashPoints
import Kafka
import Model
import Pipeline
import Synchronization

/// The door's side of a question: puts it on `otp.attempts` with a correlation id and this instance's own partition of
/// `otp.verdicts`, and hands the answer to whoever waits for it.
///
/// Any instance serves any shopper. A question that gets no answer within five seconds fails as `unanswered`; it may
/// be asked again, for the same guess is never counted twice.
final class Switchboard: Sendable {
    enum Failure: Error, Equatable {
        /// Kafka did not take the question: nothing happened.
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
    private let waiting = Mutex<[String: Waiting]>([:])

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
        waiting.withLock {
            $0[correlation] = Waiting(completion: completion, deadline: clock() + Self.patienceMs)
        }
        produce(message(ask).record(id, topology)) { isAcknowledged in
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
        let late = waiting.withLock { waiting in
            let keys = waiting.filter { $0.value.deadline <= now }.map(\.key)
            return keys.compactMap { waiting.removeValue(forKey: $0) }
        }
        for question in late { question.completion(.failure(.unanswered)) }
    }

    var pending: Int { waiting.withLock { $0.count } }

    private func finish(_ correlation: String, _ result: Result<Answer, Failure>) {
        let question = waiting.withLock { $0.removeValue(forKey: correlation) }
        question?.completion(result)
    }
}
