import Synchronization

@testable import Runtime

/// Services that note what is done to them, for tests of the order of things.
final class Scripted: Sendable {
    private let noted: Mutex<[String]> = Mutex([])

    var notes: [String] { noted.withLock { $0 } }

    func note(_ text: String) {
        noted.withLock { $0.append(text) }
    }

    /// Runs until it is stopped, like a desk.
    func lasting(_ name: String) -> Service {
        let (gate, opener) = AsyncStream<Void>.makeStream()
        return Service(
            name: name,
            start: { self.note("start \(name)") },
            run: {
                for await _ in gate {}
                self.note("end \(name)")
            },
            stop: {
                self.note("stop \(name)")
                opener.finish()
            })
    }

    /// Does `act` as its run.
    func acting(_ name: String, _ act: @escaping @Sendable () async throws -> Void) -> Service {
        Service(name: name, run: act, stop: { self.note("stop \(name)") })
    }

    /// Its stop never returns.
    func stuck(_ name: String) -> Service {
        let (never, keep) = AsyncStream<Void>.makeStream()
        return Service(
            name: name, start: { self.note("start \(name)") },
            stop: {
                self.note("stop \(name)")
                for await _ in never {}
                keep.finish()
            })
    }
}

/// Signals a test sends.
struct ScriptedSignals: Sendable {
    let stream: AsyncStream<String>
    private let sender: AsyncStream<String>.Continuation

    init() {
        (stream, sender) = AsyncStream.makeStream()
    }

    func send(_ name: String) {
        sender.yield(name)
    }
}
