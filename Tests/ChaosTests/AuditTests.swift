import Kafka
import Model
import Pipeline
import Testing

@testable import Chaos

/// The audit itself: silent about a world in which all went well, and not about any other.
@Suite("The audit")
struct AuditTests {
    @Test("has nothing to say about an order that was verified")
    func fine() throws {
        var fable = try Fable()
        fable.verify()
        #expect(fable.broken == [])
        #expect(Audit.run(fable.evidence).figures["orders verified"] == 1)
    }

    @Test("sees a second end of an order")
    func doubleOutcome() throws {
        var fable = try Fable()
        fable.verify()
        fable.outcome(.expired)
        #expect(fable.broken == [.oneEnd])
    }

    @Test("sees an accepted order that never ended")
    func noEnd() throws {
        var fable = try Fable()
        fable.open()
        #expect(fable.broken == [.oneEnd])
    }

    @Test("lets an order that no text could reach be opened again and end once more, once", arguments: [true, false])
    func openedAgain(endsAgain: Bool) throws {
        var fable = try Fable()
        fable.open()
        fable.reopen()
        if endsAgain { fable.outcome(.verified, round: 1) }
        fable.settleVerified(round: 1)
        #expect(Set(fable.broken) == (endsAgain ? [] : [.oneEnd]))
        fable.bend { $0.shopOrders[Fable.gid]?.note = "[otp-guard 0] a\n[otp-guard 0 number 2] b" }
        #expect(Set(fable.broken) == (endsAgain ? [] : [.oneEnd]))
        fable.outcome(.undeliverable, round: 1)
        #expect(fable.broken.contains(.oneEnd))
    }

    @Test("sees an order opened again after another end, and both rounds end alike")
    func openedAgainWrongly() throws {
        for (first, broken) in [(OutcomeKind.undeliverable, []), (.expired, [Violation.Promise.oneEnd])] {
            var fable = try Fable()
            fable.open()
            fable.reopen(after: first)
            fable.outcome(.undeliverable, round: 1)
            fable.record(
                .expired, reason: "undeliverable",
                settlement: Settlement(action: .none, intendedAt: 1, result: .nothing, settledAt: 1), round: 1)
            #expect(fable.broken == broken)
        }
    }

    @Test("takes skipped for the end of an order that was never asked, and of no other")
    func skipped() throws {
        var fable = try Fable()
        fable.skip()
        #expect(fable.broken == [])
        var twice = fable
        twice.outcome(.expired)
        #expect(twice.broken == [.oneEnd])
        var unasked = fable
        unasked.outcome(.verified)
        unasked.settleVerified()
        #expect(Set(unasked.broken) == [.oneEnd])
        fable.log(AttemptMessage.opened(fable.subject).record(fable.id, fable.topology))
        fable.record(.pending)
        #expect(Set(fable.broken) == [.oneEnd])
        fable.outcome(.verified)
        fable.settleVerified()
        #expect(fable.broken == [])
    }

    @Test("counts an event told twice under one id where that may be, and objects where it may not")
    func repeated() throws {
        for (isExactlyOnce, broken) in [(false, []), (true, [Violation.Promise.oneEvent])] {
            var fable = try Fable(isExactlyOnce: isExactlyOnce)
            fable.verify()
            fable.outcome(.verified)
            #expect(fable.broken == broken)
            #expect(Audit.run(fable.evidence).figures["outcomes repeated with the same id"] == 1)
        }
    }

    @Test("sees one event under two ids", arguments: [true, false])
    func otherId(isExactlyOnce: Bool) throws {
        var fable = try Fable(isExactlyOnce: isExactlyOnce)
        fable.verify()
        fable.outcome(.verified, id: "another")
        #expect(fable.broken == [.oneEvent])
    }

    private func guessed(_ count: Int) throws -> Fable {
        var fable = try Fable()
        fable.open()
        fable.text(fable.code())
        fable.job(state: .accepted)
        fable.record(.pending)
        for wrong in 0..<count { fable.guess("00000\(wrong)", .mismatch) }
        return fable
    }

    @Test("lets five wrong codes pass and the same ones again, and sees the sixth")
    func sixthGuess() throws {
        var fable = try guessed(5)
        fable.guess("000000", .mismatch)
        fable.outcome(.expired)
        fable.record(
            .expired, reason: "timed_out",
            settlement: Settlement(action: .none, intendedAt: 1, result: .nothing, settledAt: 1))
        #expect(fable.broken == [])
        fable.guess("999999", .mismatch)
        #expect(fable.broken == [.fiveGuesses])
    }

    @Test("sees a right code that was taken after five wrong ones")
    func afterFive() throws {
        var fable = try guessed(5)
        fable.guess(fable.code(), .verified)
        fable.outcome(.verified)
        fable.settleVerified()
        #expect(fable.broken == [.fiveGuesses])
    }

    @Test("sees two owners that counted apart")
    func forked() throws {
        var fable = try guessed(6)
        fable.record(.pending, wrong: ["a", "b", "c"])
        fable.record(.pending, wrong: ["d", "e", "f"])
        #expect(fable.broken.contains(.fiveGuesses))
    }

    @Test("sees wrong codes counted that nobody typed")
    func overcounted() throws {
        var fable = try Fable()
        fable.verify()
        fable.record(
            .verified, wrong: ["x", "y"], settlement: Settlement(action: .none, intendedAt: 1, result: .nothing))
        #expect(fable.broken.contains(.fiveGuesses))
    }

    @Test("sees a verified order cancelled at the shop, and lets its merchant do so")
    func cancelledVerified() throws {
        var fable = try Fable()
        fable.verify()
        fable.bend { $0.shopOrders[Fable.gid]?.cancelled = true }
        #expect(fable.broken.contains(.verifiedStands))
        fable.note(.merchantCancelled(order: Fable.gid))
        #expect(fable.broken == [])
    }

    @Test("sees a cancelled outcome after verified")
    func cancelledOutcome() throws {
        var fable = try Fable()
        fable.verify()
        fable.outcome(.cancelled, by: "us")
        #expect(fable.broken.contains(.verifiedStands))
    }

    @Test("sees a second text, unless a Sender was lost while the first was in flight")
    func secondText() throws {
        var fable = try Fable()
        fable.verify()
        fable.text(fable.code())
        #expect(fable.broken == [.oneText])
        var excused = try Fable()
        excused.open()
        excused.note(.struck(.init(daemon: "otp-sender", kind: .killed, until: 1_800_000_000_100, detail: "")))
        excused.text(excused.code())
        excused.text(excused.code())
        excused.job(state: .accepted)
        excused.record(.pending)
        excused.outcome(.verified)
        excused.settleVerified()
        #expect(excused.broken == [])
        excused.text(excused.code())
        #expect(excused.broken == [.oneText])
    }

    @Test("sees a text with another code, whoever was lost meanwhile")
    func otherCode() throws {
        var fable = try Fable()
        fable.verify()
        fable.note(.struck(.init(daemon: "otp-sender", kind: .killed, until: 1_900_000_000_000, detail: "")))
        fable.text(fable.code(2))
        #expect(fable.broken == [.oneText])
    }

    @Test("sees an acknowledged webhook that is not in the log")
    func lostWebhook() throws {
        var fable = try Fable()
        fable.verify()
        fable.note(.accepted(delivery: "lost", topic: "orders/updated", order: Fable.gid))
        #expect(fable.broken == [.webhookKept])
    }

    @Test("sees a shopper who was told verified for nothing")
    func toldVerified() throws {
        var fable = try Fable()
        fable.open()
        fable.text(fable.code())
        fable.job(state: .accepted)
        fable.outcome(.expired)
        fable.record(
            .expired, reason: "timed_out", settlement: Settlement(action: .none, intendedAt: 1, result: .nothing))
        #expect(fable.broken == [])
        fable.note(.told(.init(order: Fable.gid, code: "1", status: 200, kind: "verified", attemptsLeft: nil)))
        #expect(fable.broken == [.toldTrue])
    }

    @Test("sees a note written twice, a missing tag and a settlement that never came")
    func settlement() throws {
        var fable = try Fable()
        fable.verify()
        fable.bend { $0.shopOrders[Fable.gid]?.note = "[otp-guard 1] a\n[otp-guard 1] a" }
        #expect(Set(fable.broken) == [.oneSettlement])
        fable.bend {
            $0.shopOrders[Fable.gid]? = .init(gid: Fable.gid, tags: [], note: "[otp-guard 1]", cancelled: false)
        }
        #expect(Set(fable.broken) == [.oneSettlement])
        fable.record(.verified)
        #expect(Set(fable.broken) == [.oneSettlement])
    }

    @Test("sees a process that ended as none may")
    func fallen() throws {
        var fable = try Fable()
        fable.verify()
        fable.note(.fell(daemon: "otp-sender-1", how: "signalled(11)"))
        #expect(fable.broken == [.processes])
    }

    @Test("trusts no log it has not read whole")
    func gap() throws {
        var fable = try Fable(isExactlyOnce: false)
        fable.verify()
        fable.bend { $0.records.removeAll { $0.topic.hasSuffix("attempts") && $0.offset == 0 } }
        #expect(fable.broken == [.wholeLog])
    }

    @Test("trusts no mock that had to forget")
    func tooMuch() throws {
        var fable = try Fable(isExactlyOnce: false)
        fable.verify()
        for _ in 0..<6 {
            fable.log(
                OutgoingRecord(topic: "otp.usage", partition: 1, key: [1], value: Array(repeating: 0, count: 1 << 20)))
        }
        #expect(fable.broken == [.wholeLog])
    }
}
