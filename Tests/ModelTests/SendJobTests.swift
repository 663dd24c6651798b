import Foundation
import Model
import Testing

@Suite("The owner's decisions about texts")
struct SendJobTests {
    static let request = SendRequest(
        number: 1, generation: 1, subject: Story.subject, sendBy: SendRequest.sendBy(openedAt: 0, timerSeconds: 900))

    struct Tale {
        var job: SendJob?
        var now: Int64 = 1000
        var offset: Int64 = 0
        var hasKey = true
        var spread = 0.0
        /// Another text that carries the same code.
        var sibling: CodeLife?

        @discardableResult
        mutating func take(_ command: SendJob.Command, after ms: Int64 = 0) -> [SendJob.Event] {
            now += ms
            offset += 1
            let code = sibling ?? CodeLife(of: 1, in: job.map { [$0] } ?? [])
            let events = SendJob.decide(job, command, .init(code: code, hasKey: hasKey, spread: spread), now: now)
            for event in events { job = SendJob.apply(job, event, now: now, offset: offset) }
            return events
        }

        @discardableResult
        mutating func attempt(_ result: SendAttempt.Result, after ms: Int64 = 0) -> [SendJob.Event] {
            let attempt = (job?.attempts ?? 0) + 1
            return take(
                .attempted(SendAttempt(number: 1, attempt: attempt, startedAt: now, result: result)), after: ms)
        }

        static func intended() -> Tale {
            var tale = Tale()
            tale.take(.send(SendJobTests.request))
            return tale
        }
    }

    @Test("a request becomes an intent once, and asks for a hash only for a new code")
    func intent() {
        var tale = Tale()
        #expect(tale.take(.send(Self.request)) == [.intended(Self.request), .challenged])
        #expect(tale.take(.send(Self.request)) == [])
        #expect(tale.take(.due) == [])
        var resend = Tale(sibling: CodeLife(begunAt: 0, isSent: true))
        #expect(resend.take(.send(Self.request)) == [.intended(Self.request)])
    }

    @Test("a code that was sent and has died is not sent again")
    func deadCode() {
        var resend = Tale(sibling: CodeLife(begunAt: 0, isSent: true))
        resend.take(.send(Self.request))
        #expect(resend.take(.due, after: 599_000) == [.failed(reason: "code_expired", fault: .ours)])
        var unsent = Tale(sibling: CodeLife(begunAt: 0, isSent: false))
        unsent.take(.send(Self.request))
        #expect(unsent.take(.due, after: 599_000) == [.challenged])
    }

    @Test("without its key a job waits, and goes on when the key is there or its time is over")
    func unknownKey() {
        var tale = Tale(hasKey: false)
        #expect(
            tale.take(.send(Self.request))
                == [.intended(Self.request), .waiting(until: 6000, reason: "unknown_key")])
        #expect(tale.job?.lacksKey == true)
        #expect(tale.take(.due, after: 5000) == [.waiting(until: 11_000, reason: "unknown_key")])
        let waiting = tale
        tale.hasKey = true
        #expect(tale.take(.due, after: 5000) == [.challenged])
        #expect(tale.job?.lacksKey == false)
        #expect(tale.job?.attempts == 0)
        var late = waiting
        #expect(late.take(.due, after: 900_000) == [.failed(reason: "late", fault: .ours)])
    }

    @Test("a key that was away after the challenge only delays, and the job is known to have gone on")
    func keyFound() {
        var tale = Tale.intended()
        tale.hasKey = false
        #expect(tale.take(.due) == [.waiting(until: 6000, reason: "unknown_key")])
        #expect(tale.job?.resumed(now: 9000).isUncertain == false)
        tale.hasKey = true
        #expect(tale.take(.due, after: 5000) == [.keyFound])
        #expect(tale.take(.due) == [])
        #expect(tale.job?.resumed(now: 9000).isUncertain == true)
    }

    @Test("a job that was due before a restart is looked up from when it was due; one that was not, is not")
    func resumed() {
        var tale = Tale.intended()
        let due = tale.job?.resumed(now: 1000)
        #expect(due?.isUncertain == true)
        #expect(due?.uncertainSince == 1000)
        tale.attempt(.retry(afterMs: 9000, reason: "429"))
        #expect(tale.job?.resumed(now: 9999).isUncertain == false)
        tale.attempt(.accepted(messageId: "SM1"))
        #expect(tale.job?.resumed(now: 99_999) == tale.job)
    }

    @Test("retries are spread around our own delay, and only beyond the provider's wish", arguments: [-1.0, 0, 1])
    func spread(_ spread: Double) {
        var tale = Tale.intended()
        tale.spread = spread
        let own = 1500 + Int64(100 * spread)
        #expect(tale.attempt(.retry(afterMs: nil, reason: "500")) == [.retryScheduled(at: own, reason: "500")])
        let wish = 11_000 + Int64(2000 * abs(spread))
        #expect(tale.attempt(.retry(afterMs: 10_000, reason: "429")) == [.retryScheduled(at: wish, reason: "429")])
    }

    @Test("an ended job forgets the person it was for, and survives JSON before and after")
    func forgets() throws {
        var tale = Tale.intended()
        let open = try #require(tale.job)
        tale.attempt(.accepted(messageId: "SM1"))
        let ended = try #require(tale.job)
        #expect(open.request.subject.phone == Story.subject.phone)
        #expect(ended.request.subject.phone == Sealed([]))
        #expect(ended.request.subject.phoneHash.isEmpty)
        #expect(ended.request.subject.order == Story.subject.order)
        #expect(ended.remembered.messageId == nil)
        for job in [open, ended] {
            #expect(try JSONDecoder().decode(SendJob.self, from: JSONEncoder().encode(job)) == job)
        }
        #expect(String(decoding: try JSONEncoder().encode(open), as: UTF8.self).contains("\"sendBy\":900000"))
    }

    @Test("a request after its last time fails as late, by our fault")
    func late() {
        var tale = Tale(now: 900_001)
        #expect(tale.take(.send(Self.request)).last == .failed(reason: "late", fault: .ours))
    }

    @Test("a passing failure is retried ever later, within the provider's wish, until the last time")
    func retry() {
        var tale = Tale.intended()
        #expect(tale.attempt(.retry(afterMs: nil, reason: "500")) == [.retryScheduled(at: 1500, reason: "500")])
        #expect(tale.attempt(.retry(afterMs: 9000, reason: "429")) == [.retryScheduled(at: 10_000, reason: "429")])
        #expect(tale.attempt(.retry(afterMs: nil, reason: "500")) == [.retryScheduled(at: 3000, reason: "500")])
        let end = tale.attempt(.retry(afterMs: nil, reason: "500"), after: 899_000)
        #expect(end == [.failed(reason: "late", fault: .ours)])
        #expect(tale.job?.nextAttemptAt == nil)
    }

    @Test("a code whose life ended unsent is challenged anew")
    func challengedAnew() {
        var tale = Tale.intended()
        let events = tale.attempt(.retry(afterMs: nil, reason: "500"), after: 600_000)
        #expect(events == [.challenged, .retryScheduled(at: 601_500, reason: "500")])
    }

    @Test("an unclear attempt is looked up before it is repeated, also after later clear failures")
    func ambiguous() {
        var tale = Tale.intended()
        #expect(
            tale.attempt(.ambiguous(reason: "timeout"), after: 5000)
                == [.uncertain(since: 1000, checkAt: 7000, reason: "timeout")])
        tale.attempt(.retry(afterMs: nil, reason: "429"), after: 2000)
        #expect(tale.job?.isUncertain == true)
        #expect(tale.job?.uncertainSince == 1000)
    }

    @Test("a repeated or outdated report of an attempt is nothing new")
    func repeatedReport() {
        var tale = Tale.intended()
        let report = SendAttempt(number: 1, attempt: 1, startedAt: 1, result: .retry(afterMs: nil, reason: "500"))
        tale.take(.attempted(report))
        #expect(tale.take(.attempted(report)) == [])
        tale.attempt(.accepted(messageId: "SM1"))
        #expect(tale.attempt(.refused(reason: "21211", fault: .number)) == [])
        #expect(tale.job?.state == .accepted)
    }

    @Test("a receipt may overtake the provider's answer, and comes to no harm twice")
    func receipts() {
        let delivered = DeliveryReceipt(number: 1, messageId: "SM1", outcome: .delivered, reason: nil, fault: nil)
        var tale = Tale.intended()
        #expect(tale.take(.receipt(delivered)) == [.accepted(messageId: "SM1"), .delivered])
        #expect(tale.take(.receipt(delivered)) == [])
        #expect(tale.attempt(.accepted(messageId: "SM1")) == [])
        var undelivered = delivered
        undelivered.outcome = .failed
        undelivered.reason = "30005"
        var other = Tale.intended()
        other.attempt(.accepted(messageId: "SM1"))
        var unclear = other
        #expect(unclear.take(.receipt(undelivered)) == [.failed(reason: "30005", fault: .ours)])
        undelivered.fault = .number
        #expect(other.take(.receipt(undelivered)) == [.failed(reason: "30005", fault: .number)])
    }

    @Test("a stop ends what has not been sent, and only that")
    func stop() {
        var tale = Tale.intended()
        #expect(tale.take(.stop(throughGeneration: 0)) == [])
        #expect(tale.take(.stop(throughGeneration: 1)) == [.stopped])
        #expect(tale.attempt(.retry(afterMs: nil, reason: "500")) == [])
        #expect(tale.attempt(.accepted(messageId: "SM1")) == [.accepted(messageId: "SM1")])
        var sent = Tale.intended()
        sent.attempt(.accepted(messageId: "SM1"))
        #expect(sent.take(.stop(throughGeneration: 1)) == [])
    }
}
