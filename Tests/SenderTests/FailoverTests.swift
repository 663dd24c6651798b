import Model
import Pipeline
import Platforms
import Testing

@testable import Sender

@Suite("More than one provider")
struct FailoverTests {
    private static let first = "script"

    /// A bench whose second provider is `second`.
    private func bench(
        _ first: [SendResult], _ second: Script = Script(name: "second"), lookup: TextProvider.Lookup = .absent
    ) throws -> Bench {
        let bench = try Bench(script: Script(first, lookup: lookup))
        bench.others = [bench.gated(second)]
        bench.order = ProviderOrder(otherwise: [Self.first, second.name])
        return bench
    }

    @Test(
        "what was surely not sent by no fault of the text is sent by the next at once, as the same attempt",
        arguments: [
            SendResult.refused(reason: "401", fault: .account), .refused(reason: "21408", fault: .destination),
            .refused(reason: "21617", fault: .content), .retry(after: nil, reason: "no answer, couldNotConnect"),
            .retry(after: .seconds(7), reason: "429"),
        ])
    func failsOver(_ result: SendResult) async throws {
        let second = Script(name: "second")
        let bench = try bench([result], second)
        bench.deliver(.send(bench.request()))
        let staged = await bench.run()
        #expect(try staged.attempts == [.sent(TextReport(number: 1, generation: 1))])
        #expect(bench.script.sent.all == second.sent.all)
        #expect(try staged.jobs.last?.route?.provider == "second")
        #expect(try staged.jobs.last?.attempts == 0)
        #expect(bench.provider.failovers.value == 1)
    }

    @Test(
        "what blames the number or the text, and what may have been sent, is not",
        arguments: [
            SendResult.refused(reason: "21211", fault: .number), .refused(reason: "30450", fault: .suspect),
            .ambiguous(reason: "time-out"), .accepted(messageId: "SM1"),
        ])
    func staysThere(_ result: SendResult) async throws {
        let second = Script(name: "second")
        let bench = try bench([result], second)
        bench.deliver(.send(bench.request()))
        await bench.run()
        #expect(second.sent.all.isEmpty)
        #expect(bench.provider.failovers.value == 0)
    }

    @Test("what all of them refuse has failed, by no fault of the number")
    func allRefuse() async throws {
        let refused = SendResult.refused(reason: "400", fault: .content)
        let second = Script([refused], name: "second")
        let bench = try bench([refused], second)
        bench.deliver(.send(bench.request()))
        guard case .failed(let failure)? = try await bench.run().attempts.first else { Issue.record("sent"); return }
        #expect(failure.fault == .ours)
        #expect([bench.script.sent.all.count, second.sent.all.count] == [1, 1])
    }

    @Test("what one refuses while another can't take it now is tried again", arguments: [true, false])
    func refusedForNow(_ isRefusedFirst: Bool) async throws {
        let (refused, down) = (
            SendResult.refused(reason: "400", fault: .content), SendResult.retry(after: nil, reason: "503")
        )
        let second = Script(isRefusedFirst ? [down] : [refused, refused], name: "second")
        let bench = try bench(isRefusedFirst ? [refused, refused] : [down], second)
        bench.deliver(.send(bench.request()))
        #expect(try await bench.run().attempts.isEmpty)
        bench.tick(after: .seconds(2))
        #expect(try await bench.run().attempts == [.sent(TextReport(number: 1, generation: 1))])
    }

    @Test("a provider whose gate is shut is passed over without being asked, and asked again when it opens")
    func shut() async throws {
        let second = Script(name: "second")
        let bench = try bench([.refused(reason: "401", fault: .account)], second)
        for number in 1...3 { bench.deliver(.send(bench.request(number: number))) }
        await bench.run()
        #expect(bench.script.sent.all.count == 1)
        #expect(second.sent.all.count == 3)
        bench.clock.advance(by: .seconds(61))
        bench.deliver(.send(bench.request(number: 4)))
        await bench.run()
        #expect(bench.script.sent.all.count == 2)
        #expect(second.sent.all.count == 3)
    }

    @Test("where none can be asked the text is held until the first gate opens, and no attempt counts")
    func none() async throws {
        let second = Script([.retry(after: .seconds(20), reason: "429")], name: "second")
        let bench = try bench([.refused(reason: "401", fault: .account)], second)
        bench.deliver(.send(bench.request()))
        #expect(try await bench.run().attempts.isEmpty)
        bench.deliver(.send(bench.request(number: 2)))
        #expect(try await bench.run().attempts.isEmpty)
        #expect(bench.script.sent.all.count == 1)
        #expect(second.sent.all.count == 1)
        bench.tick(after: .seconds(21))
        #expect(try await bench.run().attempts.count >= 1)
        #expect(bench.script.sent.all.count == 1)
        #expect(second.sent.all.count >= 2)
    }

    @Test("both out for repair: held for both, sent by whichever comes back")
    func bothRefuse() async throws {
        let second = Script([.refused(reason: "403", fault: .account)], name: "second")
        let bench = try bench([.refused(reason: "401", fault: .account)], second)
        bench.deliver(.send(bench.request()))
        #expect(await bench.run().isEmpty)
        bench.tick(after: .seconds(59))
        #expect(await bench.run().isEmpty)
        bench.tick(after: .seconds(2))
        #expect(try await bench.run().attempts == [.sent(TextReport(number: 1, generation: 1))])
        #expect(bench.script.sent.all.count == 2)
        #expect(try bench.produced.jobs.last?.attempts == 0)
    }

    @Test("an unclear text is looked for where it may be, and sent again there")
    func unclear() async throws {
        let second = Script([.ambiguous(reason: "time-out")], name: "second", lookup: .absent)
        let bench = try bench([.retry(after: .seconds(3600), reason: "limit")], second)
        bench.deliver(.send(bench.request()))
        #expect(try await bench.run().jobs.last?.route?.provider == "second")
        for _ in 0..<8 {
            bench.tick(after: .seconds(3))
            await bench.run()
        }
        #expect(bench.script.searches.all.isEmpty)
        #expect(second.searches.all.count >= 1)
        #expect(bench.script.sent.all.count == 1)
        #expect(second.sent.all.count == 2)
        #expect(try bench.produced.attempts.contains(.sent(TextReport(number: 1, generation: 1))))
    }

    @Test("after a restart nobody knows who was asked: all are, and what one has is not sent again")
    func restart() async throws {
        let second = Script(name: "second", lookup: .found(id: "M2", status: "sent"))
        let bench = try bench([], second)
        bench.deliver(.send(bench.request()))
        _ = await bench.makeAttempts()
        let after = bench.restart()
        after.clock.advance(by: .seconds(1))
        after.logic.caughtUp(now: after.clock.now)
        after.tick(after: .milliseconds(1))
        let staged = await after.run()
        #expect(try staged.jobs.last?.messageId == "M2")
        #expect(try staged.jobs.last?.route?.provider == "second")
        #expect(bench.script.searches.all.count == 1)
        #expect(bench.script.sent.all.count == 1)
        #expect(second.sent.all.isEmpty)
    }

    @Test("each country has its order")
    func countries() async throws {
        let second = Script(name: "second")
        let bench = try bench([], second)
        bench.order = ProviderOrder(otherwise: [Self.first], byCountry: ["US": ["second"], "DE": [Self.first]])
        bench.deliver(.send(bench.request()))
        await bench.run()
        #expect(bench.script.sent.all.isEmpty)
        #expect(second.sent.all.map(\.to) == [Bench.phone])
    }

    @Test("a text that waits for its place with one provider goes on with that one")
    func placed() throws {
        let bench = try bench([])
        let other = bench.others[0]
        let slow = GatedProvider(
            provider: bench.script.provider,
            gate: ProviderGate(
                clock: bench.clock.clock, metrics: bench.provider, log: bench.logic.log, provider: "script", rate: 1),
            metrics: bench.provider)
        func walk(_ placedBy: String?) -> ProviderWalk {
            ProviderWalk([other, slow], destination: "+1", placedBy: placedBy)
        }
        _ = other.gate.note(.refused(reason: "401", fault: .account), "+1")
        var early = walk(nil)
        guard case .granted = early.next() else { Issue.record("not granted"); return }
        var late = walk(nil)
        guard case .placed(let at, let name) = late.next() else { Issue.record("not placed"); return }
        #expect(name == "script")
        bench.clock.set(at)
        var placed = walk(name)
        guard case .granted(let provider) = placed.next() else { Issue.record("not granted"); return }
        #expect(provider.name == "script")
        guard case .over = placed.next() else { Issue.record("goes back"); return }
    }

    @Test("each provider has series of its own")
    func metrics() async throws {
        let bench = try bench([.refused(reason: "401", fault: .account)])
        bench.deliver(.send(bench.request()))
        await bench.run()
        let text = String(decoding: bench.metrics.exposition(), as: UTF8.self)
        #expect(text.contains(#"otp_sender_breaker{provider="script"} 2"#))
        #expect(text.contains(#"otp_sender_breaker{provider="second"} 0"#))
        #expect(text.contains(#"otp_sender_attempt_seconds_count{provider="second"} 1"#))
        #expect(text.contains(#"otp_sender_failovers_total{provider="script"} 1"#))
    }
}
