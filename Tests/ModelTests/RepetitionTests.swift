import Foundation
import Model
import Testing

@Suite("A text that goes out once more after a report of no delivery")
struct RepetitionTests {
    typealias Tale = ReportWaitTests.Tale

    static let again = SendAgain(SendJobTests.request, by: .anybody)

    static func receipt(_ outcome: DeliveryReceipt.Outcome, _ id: String = "A") -> SendJob.Command {
        .receipt(
            DeliveryReceipt(
                number: 1, messageId: id, outcome: outcome, reason: outcome == .undelivered ? "30008" : nil, fault: nil,
                again: outcome == .undelivered ? .anybody : nil))
    }

    /// Accepted where no report is waited for: the job has forgotten the person.
    private static func accepted() -> Tale { .accepted { $0.reportMs = nil } }

    @Test("the report is told and leaves the text accepted, also where it overtook the answer")
    func told() {
        var tale = Self.accepted()
        #expect(tale.take(Self.receipt(.undelivered)) == [.undelivered(reason: "30008", again: .anybody)])
        #expect(tale.job?.state == .accepted && tale.job?.isLive == false)
        var early = Tale()
        early.take(.send(SendJobTests.request))
        #expect(
            early.take(Self.receipt(.undelivered)).suffix(1) == [.undelivered(reason: "30008", again: .anybody)])
        #expect(early.job?.state == .accepted)
        var delivered = Self.accepted()
        delivered.take(Self.receipt(.delivered))
        #expect(delivered.take(Self.receipt(.undelivered)) == [])
    }

    @Test("three minutes later the same text goes out, once; then the person is forgotten again")
    func repeated() {
        var tale = Self.accepted()
        tale.take(Self.receipt(.undelivered))
        let at = tale.now + 180_000
        #expect(tale.take(.again(Self.again)) == [.again(Self.again, at: at, passing: "twilio")])
        #expect(tale.job?.request.subject.phone == SendJobTests.request.subject.phone)
        #expect(tale.take(.again(Self.again)) == [])
        #expect(tale.take(.due, after: 179_999) == [])
        #expect(tale.take(.due, after: 1) == [.unreported])
        #expect(tale.job?.route?.value == SendRoute(passedOver: "a", again: .anybody))
        tale.attempt(.accepted(messageId: "B"), by: "a")
        #expect(tale.job?.isLive == false && tale.job?.request.subject.phone == Sealed([]))
        #expect(tale.job?.remembered.route?.value == SendRoute(provider: "a", passedOver: "a", again: .anybody))
        #expect(tale.take(.again(Self.again)) == [])
        // The first one's report again, and the second one's own.
        #expect(tale.take(Self.receipt(.undelivered)) == [])
        #expect(tale.take(Self.receipt(.undelivered, "B")) == [.undelivered(reason: "30008", again: nil)])
        #expect(tale.take(Self.receipt(.delivered)) == [.delivered])
    }

    @Test("in memory a job has forgotten who took its text: then it is who reports")
    func forgotten() {
        var tale = Self.accepted()
        tale.job = tale.job?.remembered
        tale.take(Self.receipt(.undelivered))
        tale.take(.again(Self.again))
        #expect(tale.job?.route?.value == SendRoute(provider: "twilio", again: .anybody))
    }

    @Test("not where its code or its time would be over by then, and not what nobody waits for")
    func pointless() {
        for change in [
            { $0.now += 420_000 }, { $0.isAnswered = true }, { $0.isSuperseded = true }, { $0.hasKey = false },
            { $0.take(Self.receipt(.delivered)) },
        ] as [(inout Tale) -> Void] {
            var tale = Self.accepted()
            change(&tale)
            #expect(tale.take(.again(Self.again)) == [])
        }
        for change in [{ $0.isAnswered = true }, { $0.isSuperseded = true }] as [(inout Tale) -> Void] {
            var tale = Self.accepted()
            tale.take(.again(Self.again))
            change(&tale)
            #expect(tale.take(.due, after: 180_000) == [.forgone])
        }
        for command in [SendJob.Command.verified, .stop(throughGeneration: 1), Self.receipt(.delivered)] {
            var tale = Self.accepted()
            tale.take(.again(Self.again))
            tale.take(command)
            #expect(tale.job?.isLive == false && tale.job?.request.subject.phone == Sealed([]))
        }
        var other = Tale()
        #expect(other.take(.again(Self.again)) == [])
    }

    @Test("a text waited for anyway goes out at its own time")
    func waitedFor() {
        var tale = Tale.accepted()
        let due = tale.job?.nextAttemptAt
        tale.take(Self.receipt(.undelivered))
        #expect(tale.take(.again(Self.again)) == [])
        #expect(tale.job?.nextAttemptAt == due)
    }

    @Test("what becomes of the repetition is told to nobody, and leaves the text accepted")
    func failing() {
        for result in [
            SendAttempt.Result.refused(reason: "21610", fault: .ours), .refused(reason: "21211", fault: .number),
        ] {
            var tale = Self.accepted()
            tale.take(.again(Self.again))
            tale.take(.due, after: 180_000)
            #expect(tale.attempt(result) == [.forgone])
            #expect(tale.job?.state == .accepted)
        }
    }
}
