import Model
import Pipeline
import Platforms
import Testing

@testable import Sender

@Suite("A text of which nothing is reported")
struct MissingReportTests {
    private static let sent = AttemptMessage.sent(TextReport(number: 1, generation: 1))
    private static let delivered = AttemptMessage.delivered(TextReport(number: 1, generation: 1))

    private func bench(
        _ second: Script = Script([.accepted(messageId: "M2")], name: "second"), countries: Set<String> = ["US"],
        testPhones: Set<String> = []
    ) throws -> Bench {
        let bench = try Bench(
            testPhones: testPhones, reports: ReportRule(countries: countries, waitMs: 120_000))
        bench.others = [bench.gated(second)]
        bench.order = ProviderOrder(otherwise: ["script", second.name])
        return bench
    }

    private func receipt(_ outcome: DeliveryReceipt.Outcome, _ id: String = "SM1") -> RequestMessage {
        .receipt(
            DeliveryReceipt(
                number: 1, messageId: id, outcome: outcome, reason: outcome == .failed ? "30003" : nil,
                fault: outcome == .failed ? .number : nil))
    }

    /// The rest of the time that a report is waited for, and what becomes due then.
    private func wait(_ bench: Bench) {
        bench.tick(after: .seconds(121))
        bench.tick(after: .milliseconds(1))
    }

    @Test("it goes out once more by the next provider, the same text, and Verifier hears of one")
    func repeated() async throws {
        let bench = try bench()
        bench.deliver(.send(bench.request()))
        let first = await bench.run()
        #expect(try first.attempts == [Self.sent])
        let waiting = try #require(try first.jobs.last)
        #expect(waiting.awaitsReport)
        #expect(waiting.request.subject.phone != Sealed([]))
        #expect(bench.logic.job(.init(id: bench.id, number: 1))?.request.subject.phone != Sealed([]))
        bench.tick(after: .seconds(119))
        #expect(bench.takeErrands().isEmpty)
        bench.tick(after: .seconds(1))
        bench.tick(after: .milliseconds(1))
        let second = await bench.run()
        #expect(try second.attempts.isEmpty)
        let ended = try #require(try second.jobs.last)
        #expect(ended.state == .accepted && !ended.isLive)
        #expect(ended.messageId == "M2")
        #expect(ended.route?.value == SendRoute(provider: "second", passedOver: "script"))
        #expect(ended.request.subject.phone == Sealed([]))
        #expect(ended.request.subject.phoneHash.isEmpty)
        #expect(bench.script.sent.all.count == 1)
        #expect(ended.attempts == 1)
        wait(bench)
        #expect(bench.takeErrands().isEmpty)
        #expect(String(decoding: bench.metrics.exposition(), as: UTF8.self).contains("otp_sender_unreported_total 1"))
    }

    @Test("the second text is the first one")
    func same() async throws {
        let second = Script(name: "second")
        let bench = try bench(second)
        bench.deliver(.send(bench.request()))
        await bench.run()
        wait(bench)
        await bench.run()
        #expect(second.sent.all.map(\.body) == bench.script.sent.all.map(\.body))
        #expect(second.sent.all.map(\.reference) == bench.script.sent.all.map(\.reference))
        #expect(second.searches.all.isEmpty && bench.script.searches.all.isEmpty)
    }

    @Test("a report, a typed code, a stop or a newer text ends the waiting, and the person is forgotten")
    func ended() async throws {
        for message in [receipt(.delivered), receipt(.failed), .verified, .stop(throughGeneration: 1)] {
            let second = Script(name: "second")
            let bench = try bench(second)
            bench.deliver(.send(bench.request()))
            await bench.run()
            let job = try #require(try bench.deliver(message).jobs.last)
            #expect(!job.isLive)
            #expect(job.request.subject.phone == Sealed([]))
            wait(bench)
            await bench.run()
            #expect(second.sent.all.isEmpty)
        }
        let second = Script(name: "second")
        let bench = try bench(second)
        bench.deliver(.send(bench.request()))
        await bench.run()
        bench.clock.advance(by: .seconds(60))
        bench.deliver(.send(bench.request(number: 2)))
        await bench.run()
        bench.tick(after: .seconds(61))
        bench.tick()
        await bench.run()
        #expect(second.sent.all.isEmpty)
        #expect(bench.logic.job(.init(id: bench.id, number: 1))?.isLive == false)
        #expect(bench.logic.job(.init(id: bench.id, number: 2))?.awaitsReport == true)
    }

    @Test("a report that the text is on its way does not end the waiting, also where it came before the answer")
    func onItsWay() async throws {
        let second = Script(name: "second")
        let bench = try bench(second)
        bench.deliver(.send(bench.request()))
        let results = await bench.makeAttempts()
        #expect(try bench.deliver(receipt(.sent)).attempts == [Self.sent])
        #expect(try bench.deliver(results.map { bench.incoming($0) }).attempts.isEmpty)
        bench.deliver(receipt(.sent))
        wait(bench)
        await bench.run()
        #expect(second.sent.all.count == 1)
    }

    @Test("a provider that reports of no delivery is not waited for, also not where it stood in for another")
    func silent() async throws {
        let bench = try Bench(
            script: Script([.retry(after: nil, reason: "503")]),
            reports: ReportRule(countries: ["US"], waitMs: 120_000, silent: ["second"]))
        bench.others = [bench.gated(Script(name: "second"))]
        bench.order = ProviderOrder(otherwise: ["script", "second"])
        bench.deliver(.send(bench.request()))
        let job = try #require(try await bench.run().jobs.last)
        #expect(job.route?.provider == "second")
        #expect(!job.isLive)
        #expect(job.request.subject.phone == Sealed([]))
    }

    @Test("countries that do not report, and test numbers, are not waited for")
    func others() async throws {
        let hash = try Bench().identity.phoneHash(Bench.phone)
        for bench in [try bench(countries: ["GB"]), try bench(testPhones: [hash])] {
            bench.deliver(.send(bench.request()))
            let job = try await bench.run().jobs.last
            #expect(job?.isLive == false)
        }
    }

    @Test(
        "what the first provider reports late is harmless",
        arguments: [DeliveryReceipt.Outcome.sent, .failed, .delivered])
    func late(_ outcome: DeliveryReceipt.Outcome) async throws {
        let expected = outcome == .delivered ? [Self.delivered] : []
        // While the repetition is on its way.
        let early = try bench()
        early.deliver(.send(early.request()))
        await early.run()
        wait(early)
        let results = await early.makeAttempts()
        #expect(try early.deliver(receipt(outcome)).attempts == expected)
        #expect(try early.deliver(results.map { early.incoming($0) }).attempts.isEmpty)
        #expect(early.logic.job(.init(id: early.id, number: 1))?.state == .accepted)
        #expect(early.logic.job(.init(id: early.id, number: 1))?.isLive == false)
        // After it was accepted.
        let late = try bench()
        late.deliver(.send(late.request()))
        await late.run()
        wait(late)
        await late.run()
        #expect(try late.deliver(receipt(outcome)).attempts == expected)
        #expect(late.logic.job(.init(id: late.id, number: 1))?.state == .accepted)
        // The second one's own.
        let failed = try late.deliver(receipt(.failed, "M2")).attempts
        #expect(failed.count == (outcome == .delivered ? 0 : 1))
    }

    @Test("a repetition that fails leaves the text sent", arguments: [SendFault.number, .content])
    func repetitionFails(_ fault: SendFault) async throws {
        let bench = try bench(Script([.refused(reason: "x", fault: fault)], name: "second"))
        bench.deliver(.send(bench.request()))
        await bench.run()
        wait(bench)
        let staged = await bench.run()
        #expect(try staged.attempts.isEmpty)
        #expect(try staged.jobs.last?.state == .accepted)
        #expect(try staged.jobs.last?.request.subject.phone == Sealed([]))
    }

    @Test("a typed code or a stop ends the repetition while it waits for its provider")
    func repetitionStopped() async throws {
        for message in [RequestMessage.verified, .stop(throughGeneration: 1)] {
            let second = Script([.refused(reason: "401", fault: .account)], name: "second")
            let bench = try bench(second)
            bench.deliver(.send(bench.request()))
            await bench.run()
            wait(bench)
            await bench.run()
            #expect(second.sent.all.count == 1)
            #expect(try bench.deliver(message).jobs.last?.state == .accepted)
            bench.tick(after: .seconds(61))
            #expect(await bench.run().isEmpty)
            #expect(second.sent.all.count == 1)
        }
    }

    @Test(
        "the waiting outlives a restart, and so does the repetition, which is looked for with the second provider alone"
    )
    func restart() async throws {
        let second = Script(name: "second")
        let bench = try bench(second)
        bench.deliver(.send(bench.request()))
        await bench.run()
        let after = bench.restart()
        after.logic.caughtUp(now: after.clock.now)
        wait(after)
        _ = await after.makeAttempts()
        #expect(second.sent.all.count == 1)
        #expect(after.script.sent.all.count == 1)
        bench.produced += after.produced
        bench.clock.set(after.clock.now)
        let third = bench.restart()
        third.logic.caughtUp(now: third.clock.now)
        third.tick(after: .milliseconds(1))
        await third.run()
        #expect(second.searches.all.count == 1)
        #expect(third.script.searches.all.isEmpty)
        #expect(third.script.sent.all.count == 1)
        #expect(third.logic.job(.init(id: third.id, number: 1))?.isLive == false)
    }

    @Test("a result that comes twice is no result of the repetition")
    func duplicate() async throws {
        let bench = try bench()
        bench.deliver(.send(bench.request()))
        let results = await bench.makeAttempts()
        bench.deliver(results.map { bench.incoming($0) })
        bench.deliver(results.map { bench.incoming($0) })
        wait(bench)
        bench.deliver(results.map { bench.incoming($0) })
        #expect(bench.logic.job(.init(id: bench.id, number: 1))?.isOpen == true)
    }
}
