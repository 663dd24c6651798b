import Base
import Dispatch
import Synchronization
import Testing

@testable import Security

/// Long enough for any machine and for tests beside it that hold its cores, short enough for a test that fails.
private func soon() -> DispatchTime { .now() + .seconds(120) }

/// An order of events noted by several threads.
private final class Notes: Sendable {
    private let names: Mutex<[String]> = Mutex([])

    func add(_ name: String) {
        names.withLock { $0.append(name) }
    }

    var all: [String] { names.withLock { $0 } }
}

/// Waiting is what these tests are about, so they wait on a thread of their own.
private func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        OwnedThread.start("test") { continuation.resume(returning: work()) }
    }
}

@Suite struct HashPoolTests {
    @Test("map keeps the order of the items, also when several map at once")
    func map() async {
        let pool = HashPool(width: 3, capacity: 1)
        await withTaskGroup(of: Bool.self) { group in
            for base in [0, 1000, 2000] {
                group.addTask {
                    await onThread {
                        pool.map(Array(base..<base + 100)) { "\($0)" } == (base..<base + 100).map { "\($0)" }
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
        #expect(pool.map([Int]()) { $0 }.isEmpty)
    }

    @Test("as many pieces run at once as the pool is wide")
    func width() async {
        let pool = HashPool(width: 2, capacity: 1)
        let met = await onThread {
            let (left, right) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            return pool.map([0, 1]) { number in
                (number == 0 ? left : right).signal()
                return (number == 0 ? right : left).wait(timeout: soon()) == .success
            }
        }
        #expect(met == [true, true])
    }

    @Test("a full queue refuses at once and takes again when there is room")
    func full() async {
        let refusals = await onThread { () -> [Bool] in
            let pool = HashPool(width: 1, capacity: 2)
            let (running, goOn, done) = (
                DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
            )
            var answers = [
                pool.submit {
                    running.signal()
                    _ = goOn.wait(timeout: soon())
                }
            ]
            answers.append(running.wait(timeout: soon()) == .success)
            answers.append(pool.submit { done.signal() })
            answers.append(pool.submit { done.signal() })
            answers.append(pool.submit { done.signal() })
            goOn.signal()
            answers.append(done.wait(timeout: soon()) == .success)
            answers.append(done.wait(timeout: soon()) == .success)
            answers.append(pool.submit { done.signal() })
            return answers
        }
        #expect(refusals == [true, true, true, true, false, true, true, true])
    }

    @Test("a submitted piece does not wait for a whole map, nor one map for another")
    func fairness() async {
        let notes = Notes()
        let pool = HashPool(width: 1, capacity: 4)
        let (running, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let first = onThread {
            pool.map([0, 1, 2]) { number in
                notes.add("a\(number)")
                if number == 0 {
                    running.signal()
                    _ = goOn.wait(timeout: soon())
                }
            }.count
        }
        let isRunning = await onThread { running.wait(timeout: soon()) == .success }
        #expect(isRunning)
        #expect(pool.submit { notes.add("s0") } && pool.submit { notes.add("s1") })
        goOn.signal()
        #expect(await first == 3)
        #expect(notes.all == ["a0", "s0", "a1", "s1", "a2"])
    }

    @Test("a pool that is let go finishes what waits")
    func end() async {
        let finished = await onThread {
            let done = DispatchSemaphore(value: 0)
            do {
                let pool = HashPool(width: 2, capacity: 10)
                for _ in 0..<10 where !pool.submit({ done.signal() }) { return false }
            }
            return (0..<10).allSatisfy { _ in done.wait(timeout: soon()) == .success }
        }
        #expect(finished)
    }
}
