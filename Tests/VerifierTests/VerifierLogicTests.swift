import Kafka
import Model
import Pipeline
import Security
import Testing

@testable import Verifier

@Suite("Verifier's desk")
struct VerifierLogicTests {
    @Test("an order's way: opened, challenged, sent, verified, with its outcomes, notices and answer")
    func wholeWay() throws {
        let bench = Bench()
        #expect(Bench.topics(bench.take(.opened(Bench.subject))) == ["records"])
        #expect(Bench.topics(bench.take(try Bench.challenge())) == ["records"])
        let sent = bench.take(Bench.sent)
        #expect(Bench.outcomes(sent) == ["sent"])
        #expect(Bench.topics(sent) == ["outcomes", "webhooks", "records"])
        let verified = bench.take(Bench.guess(Bench.code))
        #expect(Bench.outcomes(verified) == ["verified"])
        #expect(try Bench.answers(verified) == [.verified])
        #expect(verified.first { $0.stage == .reply }?.record.partition == 2)
    }

    @Test("a batch of guesses is judged in order: never more than five comparisons, the lock holds within the batch")
    func batchOfGuesses() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
        let staged = bench.take(
            Bench.guess("000001"), Bench.guess("000002"), Bench.guess("000001"), Bench.guess("000003"),
            Bench.guess("000004"), Bench.guess("000005"), Bench.guess("000006"), Bench.guess(Bench.code))
        #expect(
            try Bench.answers(staged) == [
                .mismatch, .mismatch, .mismatch, .mismatch, .mismatch, .mismatch, .locked, .locked,
            ])
        #expect(Bench.topics(staged).filter { $0 == "records" }.count == 1)
    }

    @Test("verifications of one batch do not wait for each other's hashes")
    func manyVerifications() throws {
        let bench = Bench()
        let ids = (1...8).map { VerificationID("0190f9c2-0000-8000-8000-00000000000\($0)").unsafelyUnwrapped }
        var batch: [IncomingRecord] = []
        for id in ids {
            batch.append(bench.incoming(.opened(Bench.subject), id))
            batch.append(bench.incoming(try Bench.challenge(id), id))
            batch.append(bench.incoming(Bench.sent, id))
            batch.append(bench.incoming(Bench.guess(Bench.code, id), id))
        }
        let staged = bench.logic.decide(batch)
        #expect(try Bench.answers(staged) == Array(repeating: .verified, count: 8))
    }

    @Test("a sent that comes after the end is told without the end's reason")
    func lateSent() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), .orderCancelled)
        let staged = bench.take(Bench.sent)
        let outcome = try #require(staged.first { $0.record.topic == "t.outcomes" })
        #expect(try Wire.decode(OutcomeData.self, from: Bench.arrived(outcome.record)).reason == nil)
    }

    @Test("looks write no record")
    func look() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject))
        let staged = bench.take(.look(Bench.ask("x")))
        #expect(Bench.topics(staged) == ["verdicts"])
        #expect(try Bench.answers(staged) == [.seen])
    }

    @Test("a replayed batch changes nothing")
    func replay() throws {
        let bench = Bench()
        let batch = [
            bench.incoming(.opened(Bench.subject)), bench.incoming(try Bench.challenge()), bench.incoming(Bench.sent),
            bench.incoming(Bench.guess("000001")),
        ]
        #expect(!bench.logic.decide(batch).isEmpty)
        bench.logic.committed()
        #expect(bench.logic.decide(batch).isEmpty)
    }

    @Test("what was rolled back did not happen, and doing it again emits the same event ids")
    func rollback() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), try Bench.challenge())
        let batch = [bench.incoming(Bench.sent)]
        let first = bench.logic.decide(batch)
        bench.logic.rolledBack()
        let second = bench.logic.decide(batch)
        #expect(Bench.outcomes(second) == ["sent"])
        #expect(first.map(\.record.key) == second.map(\.record.key))
    }

    @Test("a restored desk goes on where its records say")
    func restore() throws {
        let bench = Bench()
        let rows =
            bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
            + bench.take(Bench.guess("000001"))
        let other = Bench()
        for row in rows where row.record.topic == "t.records" { other.logic.restore(Bench.arrived(row.record)) }
        other.logic.restored(now: other.now)
        #expect(other.logic.appliedOffset() == 4)
        other.offset = 4
        let staged = other.take(.look(Bench.ask("x")))
        let answer = try Wire.decode(Answer.self, from: Bench.arrived(try #require(staged.last).record))
        #expect(answer.attemptsLeft == 4)
        #expect(try Bench.answers(other.take(Bench.guess(Bench.code))) == [.verified])
    }

    @Test("of two rows for one key the higher applied offset wins, and a tombstone removes")
    func restoreOrder() throws {
        let bench = Bench()
        let early = bench.take(.opened(Bench.subject))
        let late = bench.take(try Bench.challenge())
        let other = Bench()
        for row in (late + early) { other.logic.restore(Bench.arrived(row.record)) }
        #expect(other.logic.appliedOffset() == 2)
        other.logic.restore(
            IncomingRecord(
                topic: "t.records", partition: 0, offset: 9, timestamp: 0, key: Array(Bench.id.text.utf8), value: nil))
        #expect(other.logic.remembered == 0)
    }

    @Test(
        "what can't be read goes to the dead letters and stops nothing",
        arguments: [
            ("unknown type", "nonsense", "1"), ("unknown version", "look", "9"),
            ("not a valid Ask", "look", "1"),
        ])
    func poison(reason: String, type: String, version: String) throws {
        let bench = Bench()
        let bad = IncomingRecord(
            topic: "t.attempts", partition: 0, offset: 1, timestamp: 0, key: Array(Bench.id.text.utf8),
            value: Array("{\"phone\":\"+12025550143\"}".utf8),
            headers: [KafkaHeader(Wire.typeHeader, type), KafkaHeader(Wire.versionHeader, version)])
        bench.offset = 1
        let staged = bench.logic.decide([bad, bench.incoming(.opened(Bench.subject))])
        #expect(Bench.topics(staged) == ["dead", "records"])
        let letter = try #require(staged.first?.record)
        #expect(letter.headers.contains(KafkaHeader("reason", reason)))
        #expect(!String(decoding: letter.value ?? [], as: UTF8.self).contains("2025550143"))
        #expect(try DeadLetter(opening: Bench.arrived(letter), Bench.keyring).value == bad.value.map { .init($0) })
    }

    @Test("what ended eight days ago is forgotten, what is open is not")
    func forgets() throws {
        let bench = Bench()
        let other = try #require(VerificationID("0190f9c2-0000-8000-8000-000000000002"))
        bench.take(.opened(Bench.subject), .orderCancelled)
        _ = bench.logic.decide([bench.incoming(.opened(Bench.subject), other)])
        bench.logic.committed()
        for (days, left) in [(8, 2), (9, 1), (60, 1)] as [(Int64, Int)] {
            _ = bench.logic.tick(now: bench.now + days * 86_400_000)
            bench.logic.committed()
            #expect(bench.logic.remembered == left)
        }
    }

    @Test("an erased verification leaves tombstones for its record and every outcome it can have had")
    func erase() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
        let staged = bench.take(.erase(Erasure(shop: Bench.subject.shop, texts: 3)))
        // And a word to Sender: the text might be kept to be sent once more.
        let rest = staged.filter { $0.record.value != nil }
        #expect(Bench.topics(rest) == ["requests"])
        #expect(Bench.topics(staged).filter { $0 == "outcomes" }.count == 6 + 5 + 4)
        #expect(Bench.topics(staged).last == "records")
        #expect(bench.logic.remembered == 0)
    }

    @Test("the end stops a text that is still on its way; a resend asks for one")
    func requests() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
        let resend = bench.take(.resend(Bench.ask("r")), after: 40)
        let request = try #require(resend.first { $0.record.topic == "t.requests" })
        guard case .send(let send) = try RequestMessage(Bench.arrived(request.record)) else {
            Issue.record("not a send")
            return
        }
        #expect(send.number == 2 && send.generation == 1)
        let cancelled = bench.take(.orderCancelled)
        let stop = try #require(cancelled.first { $0.record.topic == "t.requests" })
        #expect(try RequestMessage(Bench.arrived(stop.record)) == .stop(throughGeneration: 1))
    }
}
