import Model
import Pipeline
import Platforms
import Testing

@testable import Sender

@Suite("A text reported as not delivered, at the desk")
struct UndeliveredTests {
    private static let sent = AttemptMessage.sent(TextReport(number: 1, generation: 1))

    private func bench(_ script: Script = Script(), second: Script? = nil) throws -> Bench {
        let bench = try Bench(script: script, reports: ReportRule(reporter: script.name))
        if let second {
            bench.others = [bench.gated(second)]
            bench.order = ProviderOrder(otherwise: [script.name, second.name])
        }
        return bench
    }

    private func receipt(_ again: Repetition?, _ id: String = "SM1") -> RequestMessage {
        .receipt(
            DeliveryReceipt(
                number: 1, messageId: id, outcome: .undelivered, reason: "30008", fault: nil, again: again))
    }

    /// Sent, reported as not delivered, and asked for once more by Verifier.
    private func reported(_ bench: Bench, _ by: Repetition) async throws {
        bench.deliver(.send(bench.request()))
        await bench.run()
        let told = UndeliveredText(number: 1, generation: 1, reason: "30008", again: by)
        #expect(try bench.deliver(receipt(by)).attempts == [.undelivered(told)])
        bench.deliver(.again(SendAgain(bench.request(), by: by)))
    }

    private func wait(_ bench: Bench) {
        bench.tick(after: .seconds(181))
        bench.tick(after: .milliseconds(1))
    }

    @Test("three minutes later the same text goes out by the next provider, and Verifier hears of one")
    func next() async throws {
        let second = Script([.accepted(messageId: "M2")], name: "second")
        let bench = try bench(second: second)
        try await reported(bench, .anybody)
        bench.tick(after: .seconds(179))
        bench.tick(after: .milliseconds(1))
        #expect(bench.takeErrands().isEmpty)
        wait(bench)
        let staged = await bench.run()
        #expect(try staged.attempts.isEmpty)
        #expect(second.sent.all.map(\.body) == bench.script.sent.all.map(\.body))
        let job = try #require(try staged.jobs.last)
        #expect(job.state == .accepted && !job.isLive && job.request.subject.phone == Sealed([]))
        #expect(!staged.contains { $0.record.topic == "otp.numbers" })
        bench.deliver(.again(SendAgain(bench.request(), by: .anybody)))
        wait(bench)
        await bench.run()
        #expect(bench.script.sent.all.count + second.sent.all.count == 2)
    }

    @Test("by the same one where there is no other, but not where its way there is to blame", arguments: [true, false])
    func alone(_ mayBeSame: Bool) async throws {
        let bench = try bench(Script([.accepted(messageId: "SM1"), .accepted(messageId: "SM2")]))
        try await reported(bench, mayBeSame ? .anybody : .another)
        wait(bench)
        #expect(try await bench.run().attempts.isEmpty)
        #expect(bench.script.sent.all.count == (mayBeSame ? 2 : 1))
        #expect(bench.script.searches.all.isEmpty)
        #expect(bench.logic.job(.init(id: bench.id, number: 1))?.state == .accepted)
    }

    @Test("the waiting outlives a restart; a typed code ends it")
    func restart() async throws {
        let before = try bench()
        try await reported(before, .anybody)
        let bench = before.restart()
        bench.logic.caughtUp(now: bench.clock.now)
        wait(bench)
        await bench.run()
        #expect(bench.script.sent.all.count == 2)
        let answered = try self.bench()
        try await reported(answered, .anybody)
        answered.deliver(.verified)
        wait(answered)
        await answered.run()
        #expect(answered.script.sent.all.count == 1)
    }

    @Test("who has opted out at the provider is as after STOP: ours, told, remembered")
    func optedOut() async throws {
        let bench = try bench(Script([.refused(reason: "400 21610 recipient opted out", fault: .optedOut)]))
        bench.deliver(.send(bench.request()))
        let staged = await bench.run()
        let failure = TextFailure(number: 1, generation: 1, reason: "opted_out", fault: .ours)
        #expect(try staged.attempts == [.failed(failure)])
        let after = bench.restart()
        let next = after.deliver(.send(after.request(number: 2)))
        #expect(
            try next.attempts == [
                .failed(TextFailure(number: 2, generation: 1, reason: "opted_out", fault: .ours))
            ])
        #expect(bench.script.sent.all.count == 1)
    }

    @Test("one line when a provider is left alone, one when it is taken up again, none for what comes between")
    func logged() throws {
        let bench = try bench()
        func lines(_ text: String) -> [String] { bench.logLines.all.filter { $0.contains(text) } }
        for round in 1...3 {
            for _ in 0..<20 { _ = bench.gate.note(.retry(after: nil, reason: "no answer"), "+1") }
            #expect(lines("left alone for now").count == (round == 3 ? 2 : 1))
            _ = bench.gate.note(.accepted(messageId: "SM1"), "+1")
            #expect(lines("asked again without limits").count == (round == 3 ? 2 : 1))
            bench.clock.advance(by: .seconds(6))
        }
        #expect(lines("left alone for now").allSatisfy { $0.contains("level=warning") || $0.contains("warn") })
        #expect(lines("left alone for now").allSatisfy { $0.contains("no answer") && $0.contains("script") })
    }
}
