import Dispatch
import Synchronization

/// What the threads of a ``HashPool`` share. The semaphore counts pieces of work (and, at the end, one signal a
/// thread), so a thread that got through always finds a piece, or the end.
final class HashPoolQueue: Sendable {
    private struct State {
        var submitted: [@Sendable () -> Void] = []
        var head = 0
        var batches: [any HashPieces] = []
        /// Whose turn it is: 0 is the queue, n the n-th batch.
        var turn = 0

        var waiting: Int { submitted.count - head }

        mutating func popSubmitted() -> (@Sendable () -> Void)? {
            guard head < submitted.count else { return nil }
            let work = submitted[head]
            head += 1
            // Amortised: the done half is dropped at once.
            if head * 2 >= submitted.count {
                submitted.removeFirst(head)
                head = 0
            }
            return work
        }

        mutating func next() -> (@Sendable () -> Void)? {
            if turn > batches.count { turn = 0 }
            if turn == 0 {
                turn = 1
                if let work = popSubmitted() { return work }
                guard !batches.isEmpty else { return nil }
            }
            let batch = batches[turn - 1]
            let (piece, isLast) = batch.next()
            if isLast { batches.remove(at: turn - 1) } else { turn += 1 }
            return { batch.run(piece) }
        }
    }

    private let capacity: Int
    private let state = Mutex(State())
    private let pieces = DispatchSemaphore(value: 0)

    init(capacity: Int) {
        self.capacity = capacity
    }

    func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        let taken = state.withLock { state in
            guard state.waiting < capacity else { return false }
            state.submitted.append(work)
            return true
        }
        if taken { pieces.signal() }
        return taken
    }

    func add(_ batch: any HashPieces) {
        state.withLock { $0.batches.append(batch) }
        for _ in 0..<batch.count { pieces.signal() }
    }

    func finish(threads: Int) {
        for _ in 0..<threads { pieces.signal() }
    }

    /// A thread's life: one piece a signal, until a signal without a piece says that this was all.
    func work() {
        while true {
            pieces.wait()
            guard let piece = state.withLock({ $0.next() }) else { return }
            piece()
        }
    }
}
