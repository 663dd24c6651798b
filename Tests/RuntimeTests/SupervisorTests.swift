import Testing

@testable import Runtime

private struct Away: DaemonExit {
    let exitCode = ExitCode.environment
}

private struct Mistake: Error {}

@Suite struct SupervisorTests {
    private let lines = Lines()
    private let health = Health()
    private let scripted = Scripted()
    private let signals = ScriptedSignals()

    private func supervisor(deadline: Duration = .seconds(20)) -> Supervisor {
        Supervisor(
            log: Log(name: "otp-test", level: .debug, write: lines.write), health: health, deadline: deadline)
    }

    /// Runs until a signal that is sent when everything has started.
    private func runUntilStarted(_ launch: Supervisor.Launch, deadline: Duration = .seconds(20)) async -> ExitCode {
        async let code = supervisor(deadline: deadline).run(signals: signals.stream) { launch }
        _ = await lines.first(with: "msg=\"started\"")
        #expect(health.isReady)
        signals.send("SIGTERM")
        return await code
    }

    @Test("services start in order and stop in reverse, each ended before the next is stopped")
    func order() async {
        let code = await runUntilStarted(
            Supervisor.Launch(
                door: nil, services: [scripted.lasting("a"), scripted.lasting("b"), scripted.lasting("c")]))
        #expect(code == .ok)
        #expect(
            scripted.notes == [
                "start a", "start b", "start c", "stop c", "end c", "stop b", "end b", "stop a", "end a",
            ])
        #expect(health.reasons() == [Health.Reason(name: "daemon", why: "stopping")])
        #expect(lines.text.contains("msg=\"stopping\" signal=SIGTERM"))
    }

    @Test("the door starts first and stops first")
    func door() async {
        _ = await runUntilStarted(
            Supervisor.Launch(door: scripted.lasting("door"), services: [scripted.lasting("a"), scripted.lasting("b")]))
        #expect(
            scripted.notes.filter { !$0.hasPrefix("end") } == [
                "start door", "start a", "start b", "stop door", "stop b", "stop a",
            ])
    }

    @Test("a stop that does not return is left behind at the deadline, and named")
    func stuck() async {
        let code = await runUntilStarted(
            Supervisor.Launch(door: nil, services: [scripted.lasting("a"), scripted.stuck("b")]),
            deadline: .milliseconds(50))
        #expect(code == .environment)
        #expect(scripted.notes == ["start a", "start b", "stop b"])
        #expect(lines.text.contains("level=error daemon=otp-test msg=\"gave up stopping\" service=b"))
    }

    @Test("a second signal ends the wait for what is stuck")
    func impatient() async {
        async let code = supervisor(deadline: .seconds(600)).run(signals: signals.stream) {
            Supervisor.Launch(door: nil, services: [scripted.stuck("a")])
        }
        _ = await lines.first(with: "msg=\"started\"")
        signals.send("SIGINT")
        signals.send("SIGINT")
        #expect(await code == .environment)
    }

    @Test("a service that fails ends the daemon by the kind of its error; the others are stopped")
    func failures() async {
        for (error, expected) in [(Away() as any Error, ExitCode.environment), (Mistake(), .bug)] {
            let (lines, scripted) = (Lines(), Scripted())
            let supervisor = Supervisor(
                log: Log(name: "otp-test", write: lines.write), health: Health(), deadline: .seconds(20))
            let code = await supervisor.run(signals: ScriptedSignals().stream) {
                Supervisor.Launch(
                    door: nil, services: [scripted.lasting("a"), scripted.acting("b") { throw error }])
            }
            #expect(code == expected)
            #expect(scripted.notes.suffix(2) == ["stop a", "end a"] && scripted.notes.contains("start a"))
            #expect(lines.text.contains("level=error daemon=otp-test msg=\"failed\" service=b"))
            #expect(lines.text.contains("exit=\(expected.rawValue)\n"))
        }
    }

    @Test("a service that returns before it is stopped is a bug")
    func early() async {
        let code = await supervisor().run(signals: signals.stream) {
            Supervisor.Launch(door: nil, services: [scripted.acting("a") {}])
        }
        #expect(code == .bug)
        #expect(scripted.notes == ["stop a"])
        #expect(lines.text.contains("msg=\"ended by itself\" service=a exit=70"))
    }

    @Test("a start that fails stops what had started, not itself, and starts nothing more")
    func failingStart() async {
        let bad = Service(name: "b", start: { throw Away() }, stop: { scripted.note("stop b") })
        let code = await supervisor().run(signals: signals.stream) {
            Supervisor.Launch(door: nil, services: [scripted.lasting("a"), bad, scripted.lasting("c")])
        }
        #expect(code == .environment)
        #expect(scripted.notes == ["start a", "stop a", "end a"])
    }

    @Test("a launch that fails ends the daemon before anything starts")
    func failingLaunch() async {
        let code = await supervisor().run(signals: signals.stream) { throw EnvironmentFailure("no broker") }
        #expect(code == .environment)
        #expect(lines.all.count == 1)
        #expect(lines.text.contains("error=\"no broker\""))
    }

    @Test("a signal while services are still made ends the daemon at once")
    func signalDuringLaunch() async {
        let (never, keep) = AsyncStream<Void>.makeStream()
        signals.send("SIGTERM")
        let code = await supervisor(deadline: .seconds(600)).run(signals: signals.stream) {
            for await _ in never {}
            return Supervisor.Launch(door: nil, services: [scripted.lasting("a")])
        }
        keep.finish()
        #expect(code == .ok)
        #expect(scripted.notes.isEmpty)
    }

    @Test("a signal while a service starts lets it finish, stops it, and starts no other")
    func signalDuringStart() async {
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let slow = Service(
            name: "slow",
            start: {
                scripted.note("start slow")
                signals.send("SIGTERM")
                for await _ in gate {}
            }, stop: { scripted.note("stop slow") })
        async let code = supervisor().run(signals: signals.stream) {
            Supervisor.Launch(door: nil, services: [slow, scripted.lasting("b")])
        }
        _ = await lines.first(with: "msg=\"stopping\"")
        opener.finish()
        #expect(await code == .ok)
        #expect(scripted.notes == ["start slow", "stop slow"])
    }

    @Test("until all has started the daemon is not ready, and says why")
    func readiness() async {
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let slow = Service(
            name: "slow",
            start: {
                scripted.note("start slow")
                for await _ in gate {}
            }, stop: {})
        #expect(health.isReady)
        health.readiness("kafka") { "no broker answers" }
        async let code = supervisor().run(signals: signals.stream) {
            lines.write("launching\n")
            return Supervisor.Launch(door: nil, services: [slow])
        }
        _ = await lines.first(with: "launching")
        #expect(
            health.reasons() == [
                Health.Reason(name: "daemon", why: "starting"), Health.Reason(name: "kafka", why: "no broker answers"),
            ])
        health.readiness("kafka") { nil }
        opener.finish()
        _ = await lines.first(with: "msg=\"started\"")
        #expect(health.isReady)
        signals.send("SIGTERM")
        #expect(await code == .ok)
    }
}
