import Kafka
import Model
import Pipeline
import Platforms
import Testing

@testable import Sender

@Suite("Sender after a restart, and without what it needs")
struct SenderRestartTests {
    static let sent = TextReport(number: 1, generation: 1)

    @Test("exactly the unfinished is taken up, once the input has been caught up with, looked up first")
    func takesUp() async throws {
        let before = try Bench()
        before.deliver(.send(before.request()))
        await before.run()
        before.clock.advance(by: .seconds(60))
        before.deliver(.send(before.request(number: 2)))
        let dueAt = before.clock.now
        before.logic.closed()

        before.clock.advance(by: .seconds(5))
        let after = before.restart()
        #expect(after.logic.appliedOffset() == after.offset)
        after.tick(after: .seconds(1))
        #expect(after.takeErrands().isEmpty)
        after.logic.caughtUp(now: after.clock.now)
        after.tick()
        #expect(try await after.run().attempts == [.sent(TextReport(number: 2, generation: 1))])
        #expect(after.script.searches.all.map(\.since) == [dueAt])
        #expect(Set(after.script.sent.all.map(\.body)).count == 1)
        #expect(after.script.sent.all.count == 2)
    }

    @Test("a text found at the provider after a restart is not sent again")
    func found() async throws {
        let before = try Bench(script: Script(lookup: .found(id: "SM9", status: "queued")))
        before.deliver(.send(before.request()))
        _ = await before.makeAttempts()
        let after = before.restart()
        after.logic.caughtUp(now: after.clock.now)
        after.tick()
        let staged = await after.run()
        #expect(try staged.attempts == [.sent(Self.sent)])
        #expect(try staged.jobs.last?.messageId == "SM9")
        #expect(after.script.sent.all.count == 1)
    }

    @Test("a result that stands in the input after the restart is taken, and nothing is repeated")
    func resultInTheInput() async throws {
        let before = try Bench()
        before.deliver(.send(before.request()))
        let results = await before.makeAttempts()
        let after = before.restart()
        #expect(try after.deliver(results.map { after.incoming($0) }).attempts == [.sent(Self.sent)])
        after.logic.caughtUp(now: after.clock.now)
        after.tick(after: .seconds(5))
        #expect(after.takeErrands().isEmpty)
    }

    @Test("what was not due yet waits for its time, and is not looked up")
    func notDue() async throws {
        let before = try Bench(script: Script([.retry(after: .seconds(100), reason: "429")]))
        before.deliver(.send(before.request()))
        await before.run()
        let after = before.restart()
        after.logic.caughtUp(now: after.clock.now)
        after.tick(after: .seconds(99))
        #expect(after.takeErrands().isEmpty)
        after.tick(after: .seconds(22))
        #expect(try await after.run().attempts == [.sent(Self.sent)])
        #expect(after.script.searches.all.isEmpty)
    }

    @Test("a new request starts at once, also before the input has been caught up with")
    func newStartsAtOnce() async throws {
        let before = try Bench()
        let after = before.restart()
        after.deliver(.send(after.request()))
        #expect(after.takeErrands().count == 1)
    }

    @Test("a duplicate of a request is known after a restart, and so is the code's generation")
    func duplicate() async throws {
        let before = try Bench()
        before.deliver(.send(before.request()))
        await before.run()
        let after = before.restart()
        #expect(after.deliver(.send(after.request())).isEmpty)
        #expect(words(after.deliver(.send(after.request(number: 2)))) == ["state otp.sends send-job"])
    }

    @Test("an unclear attempt is looked up: found is sent, absent and unknown are repeated")
    func ambiguous() async throws {
        for lookup in [TextProvider.Lookup.found(id: "SM7", status: "sent"), .absent, .unknown] {
            let bench = try Bench(script: Script([.ambiguous(reason: "timeout")], lookup: lookup))
            bench.deliver(.send(bench.request()))
            #expect(try await bench.run().attempts.isEmpty)
            let since = bench.clock.now
            var told: [AttemptMessage] = []
            while told.isEmpty, bench.clock.now < since + 120_000 {
                bench.tick(after: .seconds(1))
                told = try await bench.run().attempts
            }
            #expect(told == [.sent(Self.sent)])
            // Not before the provider must have it if it has; where it can't say, not before a report had its time.
            let waited = bench.clock.now - since
            switch lookup {
            case .found: #expect((1000...3000).contains(waited))
            case .absent: #expect((15_000...30_000).contains(waited))
            case .unknown: #expect((30_000...60_000).contains(waited))
            }
            #expect(Set(bench.script.searches.all.map(\.since)) == [Bench.start])
            let isFound = if case .found = lookup { true } else { false }
            #expect(bench.script.sent.all.count == (isFound ? 1 : 2))
        }
    }

    @Test("without its key a text waits and alarms; with the key after a restart it is challenged and sent")
    func unknownKey() async throws {
        let other = Bench.keyText.replacing("k1:", with: "k0:")
        let before = try Bench(keys: other)
        #expect(words(before.deliver(.send(before.request()))) == ["state otp.sends send-job"])
        #expect(before.sender.unknownKey.value == 1)
        #expect(before.logLines.all.contains { $0.contains("level=warning") && $0.contains("OTP_KEYRING") })
        before.tick(after: .seconds(6))
        before.tick()
        #expect(before.takeErrands().isEmpty)
        #expect(try before.produced.jobs.last?.attempts == 0)
        before.logic.closed()
        #expect(before.sender.unknownKey.value == 0)

        let after = before.restart()
        after.logic.caughtUp(now: after.clock.now)
        #expect(after.sender.unknownKey.value == 1)
        after.tick(after: .seconds(6))
        let staged = after.tick()
        #expect(words(staged) == ["effect otp.attempts challenged", "state otp.sends send-job"])
        #expect(after.sender.unknownKey.value == 0)
        #expect(try await after.run().attempts == [.sent(Self.sent)])
        #expect(after.script.searches.all.isEmpty)
    }

    @Test("results of a partition that was lost are dropped, and its attempts do not start")
    func lost() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        let errands = bench.takeErrands()
        let results = Queue<OutgoingRecord>()
        let worker = bench.worker { results.add($0) }
        let slow = TextAttempt(
            shops: bench.shops, keyring: bench.keyring, writer: bench.attempt.writer,
            providers: TextProviders(
                GatedProvider(
                    provider: TextProvider(
                        name: "slow",
                        send: { _ in
                            errands[0].ticket.close()
                            return .accepted(messageId: "SM1")
                        }, find: { _, _, _ in .unknown }),
                    gate: bench.gate, metrics: bench.provider)),
            clock: bench.clock.clock, metrics: bench.sender,
            ownTrouble: bench.attempt.ownTrouble)
        let losing = TextWorker(
            concurrency: 1, attempt: slow, topology: bench.topology, metrics: bench.sender, log: bench.logic.log
        ) { results.add($0) }
        await losing.make(errands[0])
        #expect(results.all.isEmpty)
        #expect(bench.sender.dropped.value == 1)
        await worker.make(errands[0])
        #expect(bench.script.sent.all.isEmpty)
    }

    @Test("closing the lane withdraws what is under way")
    func closed() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        bench.logic.closed()
        #expect(await bench.makeAttempts().isEmpty)
        #expect(bench.script.sent.all.isEmpty)
    }

    @Test("a shop that is not known yet is waited for; one that is gone fails the text by our fault")
    func shops() async throws {
        let bench = try Bench(knowsShop: false)
        bench.deliver(.send(bench.request()))
        #expect(bench.takeErrands().isEmpty)
        bench.learnShop()
        bench.tick(after: .seconds(1))
        #expect(bench.takeErrands().count == 1)

        let other = try Bench()
        other.deliver(.send(other.request()))
        other.forgetShop()
        let failure = TextFailure(number: 1, generation: 1, reason: "shop_gone", fault: .ours)
        #expect(try await other.run().attempts == [.failed(failure)])
    }

    @Test("a link of another id key is never sent: that waits for its repair")
    func otherIdKey() async throws {
        let bench = try Bench()
        var request = bench.request()
        request.subject.order = "gid://shopify/Order/1002"
        bench.deliver(.send(request))
        #expect(try await bench.run().attempts.isEmpty)
        #expect(bench.script.sent.all.isEmpty)
        #expect(bench.sender.foreignTexts.value == 1)
    }

    @Test("ended texts are forgotten after eight days")
    func forgets() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        await bench.run()
        bench.tick(after: .seconds(8 * 86_400 - 60))
        #expect(bench.logic.table.count == 1)
        bench.tick(after: .seconds(2 * 3600))
        #expect(bench.logic.table.count == 0)
    }
}
