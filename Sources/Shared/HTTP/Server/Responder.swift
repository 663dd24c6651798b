import Synchronization

/// The right to answer one request, once, from any thread. A second answer is ignored; dropping every copy without an
/// answer answers 500, so a forgotten path can't leave a client waiting.
public struct Responder: Sendable {
    private let shot: Shot

    /// Where the answer goes; called exactly once, on whichever thread answers. Tests of handlers make their own.
    public init(_ deliver: @escaping @Sendable (HTTPResponse) -> Void) {
        shot = Shot(deliver)
    }

    public func respond(_ response: HTTPResponse) {
        shot.fire(response)
    }

    private final class Shot: Sendable {
        private let fired = Atomic(false)
        private let deliver: @Sendable (HTTPResponse) -> Void

        init(_ deliver: @escaping @Sendable (HTTPResponse) -> Void) {
            self.deliver = deliver
        }

        func fire(_ response: HTTPResponse) {
            guard !fired.exchange(true, ordering: .acquiringAndReleasing) else { return }
            deliver(response)
        }

        deinit {
            if !fired.load(ordering: .acquiring) {
                deliver(HTTPResponse.problem(500, detail: "The request was given up without an answer."))
            }
        }
    }
}
