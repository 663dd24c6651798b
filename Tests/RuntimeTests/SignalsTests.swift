import Glibc
import Testing

@testable import Runtime

@Suite("Signals")
struct SignalsTests {
    @Test("one that comes at once is not lost, nor is the next")
    func atOnce() async {
        let signals = Signals.stream([SIGUSR1: "SIGUSR1"])
        var seen: [String] = []
        kill(getpid(), SIGUSR1)
        for await name in signals {
            seen.append(name)
            guard seen.count < 3 else { break }
            kill(getpid(), SIGUSR1)
        }
        #expect(seen == ["SIGUSR1", "SIGUSR1", "SIGUSR1"])
    }
}
