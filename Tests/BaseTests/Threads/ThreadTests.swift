import Glibc
import Testing

@testable import Base

@Suite("Threads of our own")
struct ThreadTests {
    private struct Refused: Error {}

    private static func niceness() -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

    @Test("a body runs, off the caller's thread")
    func runs() {
        let seen = Monitor<pthread_t?>(nil)
        OwnedThread.start("test") { seen.update { $0 = pthread_self() } }
        let other = seen.wait(until: .after(.seconds(20))) { $0 }
        #expect(other != nil)
    }

    @Test("one that gives way runs below the others, and its caller stays where it was")
    func givesWay() throws {
        let before = Self.niceness()
        let seen = Monitor<Int32?>(nil)
        try OwnedThread.attempt("test", givesWay: true) { seen.update { $0 = Self.niceness() } }
        #expect(seen.wait(until: .after(.seconds(20))) { $0 } == max(before, 10))
        #expect(Self.niceness() == before)
    }

    @Test("a value is made where it is to be made, and so is its error", arguments: [false, true])
    func value(givesWay: Bool) throws {
        let niceness = try OwnedThread.value("test", givesWay: givesWay) { () throws(Refused) in Self.niceness() }
        #expect(niceness == (givesWay ? max(Self.niceness(), 10) : Self.niceness()))
        #expect(throws: Refused.self) {
            try OwnedThread.value("test", givesWay: givesWay) { () throws(Refused) -> Int in throw Refused() }
        }
    }

    @Test("a system without room says so in words")
    func words() {
        #expect("\(ThreadError(name: "desk", code: EAGAIN))" == "no thread for desk: Resource temporarily unavailable")
    }

    @Test("a pause is not shorter than it was asked to be")
    func pause() {
        let start = Ticks.now()
        OwnedThread.pause(for: .milliseconds(20))
        #expect(Ticks.now() - start >= 20_000_000)
    }

    @Test("a waiter sees every change, and gives up at its deadline")
    func monitor() {
        let count = Monitor(0)
        OwnedThread.start("test") {
            for _ in 0..<3 { count.update { $0 += 1 } }
        }
        #expect(count.wait(until: .after(.seconds(20))) { $0 == 3 ? "three" : nil } == "three")
        let start = Ticks.now()
        #expect(count.wait(until: .after(.milliseconds(20))) { $0 == 4 ? 4 : nil } == nil)
        #expect(Ticks.now() - start >= 20_000_000)
        #expect(count.read { $0 } == 3)
    }

    @Test("an end is told to who waits for it and to who asks later; the first result counts")
    func completion() async throws {
        let completion = Completion<Refused>()
        #expect(!completion.isStarted)
        #expect(completion.start())
        #expect(!completion.start())
        #expect(completion.isStarted)
        async let early = completion.wait()
        OwnedThread.start("test") {
            completion.finish(.success(()))
            completion.finish(.failure(Refused()))
        }
        try await early.get()
        try await completion.wait().get()
    }
}
