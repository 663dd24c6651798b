import Foundation
import FoundationNetworking
import HTTP
import Synchronization

/// One request under way: collects its answer, ends exactly once, with whatever comes first.
final class Call: Sendable {
    typealias Outcome = Result<OutboundResponse, OutboundError>

    static let maximumAnswerBytes = 1 << 20

    private struct State {
        var status = 0
        var headers = HTTPHeaders()
        var body: [UInt8] = []
        var outcome: Outcome?
        var waiter: CheckedContinuation<Outcome, Never>?
    }

    let task: URLSessionDataTask
    private let state = Mutex(State())

    init(task: URLSessionDataTask) {
        self.task = task
    }

    /// Starts the call, unless it was given up before, and waits for its end. Once.
    func result(startedBy delegate: SessionDelegate) async -> Outcome {
        await withCheckedContinuation { continuation in
            let early = state.withLock { state in
                if state.outcome == nil { state.waiter = continuation }
                return state.outcome
            }
            if let early {
                continuation.resume(returning: early)
            } else {
                delegate.start(self)
            }
        }
    }

    /// The deadline or the caller ends it; what has left can't be called back.
    func giveUp(_ kind: OutboundError.Kind, _ message: String) {
        end(.failure(OutboundError(kind: kind, message: message, requestMayHaveBeenSent: true)))
        task.cancel()
    }

    func received(_ response: URLResponse) {
        guard let answer = response as? HTTPURLResponse else { return }
        let pairs = answer.allHeaderFields.compactMap { name, value -> (String, String)? in
            guard let name = name as? String, let value = value as? String else { return nil }
            return (name, value)
        }
        state.withLock { state in
            state.status = answer.statusCode
            state.headers = HTTPHeaders(pairs.sorted { $0.0 < $1.0 })
        }
    }

    func received(_ data: Data) {
        let fits = state.withLock { state in
            guard state.body.count + data.count <= Call.maximumAnswerBytes else { return false }
            state.body.append(contentsOf: data)
            return true
        }
        if !fits { giveUp(.other, "the answer is larger than 1 MiB") }
    }

    func completed(_ error: (any Error)?) {
        if let error {
            end(.failure(FailureKind.classify(error)))
            return
        }
        let answer = state.withLock { OutboundResponse(status: $0.status, headers: $0.headers, body: $0.body) }
        guard answer.status > 0 else {
            end(
                .failure(
                    OutboundError(
                        kind: .connectionLost, message: "the connection ended without an answer",
                        requestMayHaveBeenSent: true)))
            return
        }
        end(.success(answer))
    }

    private func end(_ outcome: Outcome) {
        let waiter = state.withLock { state in
            guard state.outcome == nil else { return CheckedContinuation<Outcome, Never>?.none }
            state.outcome = outcome
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: outcome)
    }
}
