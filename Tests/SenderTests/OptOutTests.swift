import Foundation
import Kafka
import Model
import Pipeline
import Testing

@testable import Sender

@Suite("STOP and START at the desk over otp.requests")
struct OptOutTests {
    private func wish(_ bench: Bench, out: Bool, phone: String = Bench.phone) throws -> IncomingRecord {
        let key = try #require(NumberKey(bench.identity.phoneHash(phone)))
        return bench.incoming(
            OptOutMessage(phone: key, isOut: out).record(range: bench.identity.rangeHash(phone), bench.topology))
    }

    private func reasons(_ staged: [StagedRecord]) throws -> [String] {
        try staged.attempts.compactMap { if case .failed(let failure) = $0 { failure.reason } else { nil } }
    }

    @Test("after STOP no text is sent, and the reason is told; START undoes it; both outlast a restart")
    func stopAndStart() async throws {
        let before = try Bench()
        before.deliver([try wish(before, out: true)])
        let stopped = before.restart()
        let staged = stopped.deliver(.send(stopped.request()))
        #expect(try stopped.produced.count == staged.count && reasons(staged) == ["opted_out"])
        #expect(stopped.takeErrands().isEmpty)

        stopped.produced = before.produced + stopped.produced
        stopped.deliver([try wish(stopped, out: false)])
        let started = stopped.restart()
        #expect(try reasons(started.deliver(.send(started.request(number: 2)))).isEmpty)
        #expect(started.takeErrands().count == 1)
    }

    @Test("only the phone that said so is left alone; a repeated or replayed word changes nothing")
    func others() throws {
        let bench = try Bench()
        let stop = try wish(bench, out: true, phone: "+14155550199")
        #expect(bench.deliver([stop]).count == 1)
        #expect(bench.deliver([stop]).isEmpty)
        #expect(try bench.deliver([wish(bench, out: true, phone: "+14155550199")]).isEmpty)
        #expect(try bench.deliver([wish(bench, out: false)]).isEmpty)
        #expect(try reasons(bench.deliver(.send(bench.request()))).isEmpty)
    }

    @Test("a STOP is kept while other rows are taken away")
    func kept() throws {
        let bench = try Bench()
        bench.deliver([try wish(bench, out: true)])
        bench.logic.caughtUp(now: bench.clock.now)
        for _ in 0..<3 { bench.tick(after: .seconds(400 * 86_400)) }
        #expect(try reasons(bench.deliver(.send(bench.request(openedAt: bench.clock.now)))) == ["opted_out"])
    }

    @Test("a STOP that the first provider reports of a text that goes out again is kept for the person it still knows")
    func ofRepetition() async throws {
        let bench = try Bench(reports: ReportRule(countries: ["US"], waitMs: 120_000))
        bench.others = [bench.gated(Script([.accepted(messageId: "M2")], name: "second"))]
        bench.order = ProviderOrder(otherwise: ["script", "second"])
        bench.deliver(.send(bench.request()))
        await bench.run()
        bench.tick(after: .seconds(121))
        bench.tick(after: .milliseconds(1))
        #expect(bench.logic.job(.init(id: bench.id, number: 1))?.isRepeated == true)
        let report = DeliveryReceipt(
            number: 1, messageId: "SM1", outcome: .failed, reason: "opted_out", fault: .ours)
        #expect(try bench.deliver(.receipt(report)).attempts.isEmpty)
        #expect(try reasons(bench.deliver(.send(bench.request(number: 2)))) == ["opted_out"])
    }

    @Test("a wish that can't be read is put aside")
    func broken() throws {
        let bench = try Bench()
        let key = try #require(NumberKey(bench.identity.phoneHash(Bench.phone)))
        var record = OptOutMessage(phone: key, isOut: true).record(range: bench.range, bench.topology)
        record.value = Array("{}".utf8)
        #expect(words(bench.deliver([bench.incoming(record)])) == ["effect otp.dead dead-letter"])
    }
}
