import Kafka
import Model
import Pipeline
import Testing

@testable import Verifier

@Suite("Reports of no delivery, and numbers corrected afterwards, at Verifier's desk")
struct UndeliveredTests {
    private static let otherPhone: Subject = {
        var subject = Bench.subject
        (subject.phoneHash, subject.range) = ("ph2", "rg2")
        return subject
    }()

    private func undelivered(_ again: Repetition? = .anybody) -> AttemptMessage {
        .undelivered(UndeliveredText(number: 1, generation: 1, reason: "30008", again: again))
    }

    private func requests(_ staged: [StagedRecord]) throws -> [RequestMessage] {
        try staged.filter { $0.record.topic == "t.requests" }.map { try RequestMessage(Bench.arrived($0.record)) }
    }

    private func notices(_ staged: [StagedRecord]) throws -> [Notice] {
        try staged.filter { $0.record.topic == "t.webhooks" }.compactMap {
            if case .notice(let notice) = try WebhookMessage(Bench.arrived($0.record)) { notice } else { nil }
        }
    }

    private func ids(_ staged: [StagedRecord]) -> [String] {
        staged.compactMap { $0.record.headers.first { $0.name == "ce_id" }?.text }
    }

    @Test("the text is asked for once more, once, by whom it may; the world is told nothing")
    func again() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
        let staged = bench.take(undelivered(), after: 5)
        let request = SendRequest(
            number: 1, generation: 1, subject: Bench.subject, sendBy: bench.now - 5_000 + 900_000)
        #expect(try requests(staged) == [.again(SendAgain(request, by: .anybody))])
        #expect(Bench.outcomes(staged).isEmpty)
        #expect(try notices(staged).isEmpty)
        #expect(bench.take(undelivered()).isEmpty)
        #expect(try Bench.answers(bench.take(Bench.guess(Bench.code))) == [.verified])
    }

    @Test("not where nobody may send it, where another text was asked for, or where its code has died")
    func notAgain() throws {
        for (before, again, wait) in [
            ([], nil, 5), ([.resend(Bench.ask("r"))], .anybody, 5), ([], .anybody, 600),
        ] as [([AttemptMessage], Repetition?, Int64)] {
            let bench = Bench()
            bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
            for message in before { bench.take(message, after: 60) }
            let staged = bench.take(undelivered(again), after: wait)
            #expect(Bench.topics(staged) == ["records"])
        }
    }

    @Test("a STOP that a report tells of is Sender's to keep, for the phone that is asked now and once it was sent to")
    func optedOut() throws {
        let phone = "AAAAAAAAAAAAAAAAAAAAAA"
        var subject = Bench.subject
        subject.phoneHash = phone
        func failed(_ number: Int, _ reason: String = "opted_out") -> AttemptMessage {
            .failed(TextFailure(number: number, generation: number, reason: reason, fault: .ours))
        }
        func told(_ staged: [StagedRecord]) throws -> [OptOutMessage] {
            try staged.filter { $0.record.topic == "t.requests" }.compactMap {
                try OptOutMessage(Bench.arrived($0.record))
            }
        }
        let bench = Bench()
        bench.take(.opened(subject), try Bench.challenge(), Bench.sent)
        let staged = bench.take(failed(1))
        #expect(try told(staged) == [OptOutMessage(phone: #require(NumberKey(phone)), isOut: true)])
        let partition = Bench.topology.partition(of: subject.range)
        #expect(staged.filter { $0.record.topic == "t.requests" }.allSatisfy { $0.record.partition == partition })
        #expect(try told(bench.take(failed(1))).isEmpty)
        let refused = Bench()
        refused.take(.opened(subject), try Bench.challenge())
        #expect(try told(refused.take(failed(1))).isEmpty)
        let other = Bench()
        other.take(.opened(subject), try Bench.challenge(), Bench.sent)
        #expect(try told(other.take(failed(1, "30005"))).isEmpty)
        let changed = Bench()
        changed.take(.opened(subject), try Bench.challenge(), Bench.sent)
        changed.take(.phoneChanged(Self.otherPhone))
        #expect(try told(changed.take(failed(1))).isEmpty)
    }

    @Test("nobody answers: undeliverable, our fault, so that it is reviewed; a cancelled order stops the repetition")
    func timer() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
        bench.take(undelivered())
        let staged = bench.take(.timedOut, after: 900)
        #expect(Bench.outcomes(staged) == ["undeliverable"])
        let notice = try #require(try notices(staged).first)
        #expect(notice.fault == .ours && notice.outcome == .undeliverable && notice.round == nil)
        let other = Bench()
        other.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
        other.take(undelivered())
        #expect(try requests(other.take(.orderCancelled)) == [.stop(throughGeneration: 1)])
    }

    @Test("a corrected number begins again: a new text with all of the time, ends with ids of their own")
    func reopened() throws {
        let bench = Bench()
        let failed = { (number: Int) in
            AttemptMessage.failed(
                TextFailure(number: number, generation: number, reason: "21211", fault: .number))
        }
        bench.take(.opened(Bench.subject), try Bench.challenge())
        let first = bench.take(failed(1))
        let staged = bench.take(.phoneChanged(Self.otherPhone), after: 3600)
        let request = SendRequest(
            number: 2, generation: 2, subject: Self.otherPhone, sendBy: bench.now + 900_000)
        #expect(try requests(staged) == [.send(request)])
        #expect(Bench.outcomes(staged).isEmpty)
        let second = bench.take(failed(2))
        #expect(try notices(first).map(\.round) == [nil])
        #expect(try notices(second).map(\.round) == [1])
        #expect(Bench.outcomes(second) == ["undeliverable"] && ids(first) != ids(second))
        let erased = bench.take(.erase(Erasure(shop: Bench.subject.shop, texts: 1)))
        let keys = Set(erased.filter { $0.record.topic == "t.outcomes" }.map(\.record.key))
        for staged in [first, second] {
            let told = staged.filter { $0.record.topic == "t.outcomes" }.map(\.record.key)
            #expect(told.allSatisfy(keys.contains))
        }
    }
}
