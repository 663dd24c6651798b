import Foundation
import Model
import Testing

@Suite("A delivery report that is waited for")
struct ReportWaitTests {
    struct Tale {
        var job: SendJob?
        var now: Int64 = 1000
        var offset: Int64 = 0
        var reportMs: Int64? = 120_000
        var hasKey = true
        var isAnswered = false
        var isSuperseded = false

        @discardableResult
        mutating func take(_ command: SendJob.Command, after ms: Int64 = 0) -> [SendJob.Event] {
            now += ms
            offset += 1
            let surroundings = SendJob.Surroundings(
                code: CodeLife(of: 1, in: job.map { [$0] } ?? []), hasKey: hasKey, reportMs: reportMs,
                isAnswered: isAnswered, isSuperseded: isSuperseded)
            let events = SendJob.decide(job, command, surroundings, now: now)
            for event in events { job = SendJob.apply(job, event, now: now, offset: offset) }
            return events
        }

        @discardableResult
        mutating func attempt(_ result: SendAttempt.Result, by provider: String? = "a") -> [SendJob.Event] {
            take(
                .attempted(
                    SendAttempt(
                        number: 1, attempt: (job?.attempts ?? 0) + 1, startedAt: now, result: result,
                        provider: provider)))
        }

        static func accepted(_ change: (inout Tale) -> Void = { _ in }) -> Tale {
            var tale = Tale()
            change(&tale)
            tale.take(.send(SendJobTests.request))
            tale.attempt(.accepted(messageId: "A"))
            return tale
        }
    }

    static func receipt(_ outcome: DeliveryReceipt.Outcome, _ id: String = "A") -> SendJob.Command {
        .receipt(
            DeliveryReceipt(
                number: 1, messageId: id, outcome: outcome, reason: outcome == .failed ? "30003" : nil,
                fault: outcome == .failed ? .number : nil))
    }

    @Test("an accepted text waits with its person until the time is over, then goes out once more")
    func waits() throws {
        var tale = Tale.accepted()
        #expect(tale.job?.awaitsReport == true)
        #expect(tale.job?.nextAttemptAt == 121_000)
        #expect(tale.job?.request.subject.phone == SendJobTests.request.subject.phone)
        #expect(tale.job?.remembered == tale.job)
        #expect(tale.job?.resumed(now: 999_999) == tale.job)
        #expect(tale.take(.due, after: 119_999) == [])
        #expect(tale.take(.due, after: 1) == [.unreported])
        #expect(tale.job?.isOpen == true)
        #expect(tale.job?.route?.value == SendRoute(passedOver: "a"))
        #expect(tale.job?.acceptedAt == 1000)
        #expect(
            tale.attempt(.accepted(messageId: "B"), by: "b") == [.accepted(messageId: "B", provider: "b")])
        #expect(tale.job?.isLive == false)
        #expect(tale.job?.request.subject.phone == Sealed([]))
        // The code's life goes on from the first text.
        #expect(tale.job.flatMap { CodeLife(of: 1, in: [$0]) } == CodeLife(begunAt: 1000, isSent: true))
        #expect(tale.take(.due, after: 500_000) == [])
    }

    @Test("where nothing could come of waiting the person is forgotten at once")
    func pointless() {
        for change in [
            { $0.reportMs = nil }, { $0.isAnswered = true }, { $0.isSuperseded = true },
            // The code's life is 600 s.
            { $0.reportMs = 600_000 },
        ] as [(inout Tale) -> Void] {
            let tale = Tale.accepted(change)
            #expect(tale.job?.state == .accepted)
            #expect(tale.job?.isLive == false)
            #expect(tale.job?.request.subject.phone == Sealed([]))
        }
    }

    @Test("where it has become pointless meanwhile, the text is left as it is")
    func forgone() {
        for change in [
            { $0.isAnswered = true }, { $0.isSuperseded = true }, { $0.hasKey = false }, { $0.now += 600_000 },
        ] as [(inout Tale) -> Void] {
            var tale = Tale.accepted()
            change(&tale)
            #expect(tale.take(.due, after: 120_000) == [.forgone])
            #expect(tale.job?.state == .accepted && tale.job?.isLive == false)
        }
    }

    @Test("a report before the answer waits as well, and the answer tells who has it; without it nothing is repeated")
    func reportFirst() {
        var tale = Tale()
        tale.take(.send(SendJobTests.request))
        #expect(tale.take(Self.receipt(.sent)) == [.accepted(messageId: "A", reportBy: 121_000)])
        var unknown = tale
        #expect(unknown.take(.due, after: 120_000) == [.forgone])
        #expect(tale.attempt(.accepted(messageId: "A")) == [.routed(provider: "a")])
        #expect(tale.attempt(.accepted(messageId: "A")) == [])
        #expect(tale.take(.due, after: 120_000) == [.unreported])
    }

    @Test(
        "a report of no delivery after which nobody may send it ends the waiting; else it goes on",
        arguments: [nil, .another, .anybody] as [Repetition?])
    func undelivered(again: Repetition?) {
        var tale = Tale.accepted()
        let receipt = DeliveryReceipt(
            number: 1, messageId: "A", outcome: .undelivered, reason: "30450", fault: nil, again: again)
        let told = SendJob.Event.undelivered(reason: "30450", again: again)
        #expect(tale.take(.receipt(receipt)) == (again == nil ? [told, .forgone] : [told]))
        #expect(tale.job?.state == .accepted && tale.job?.isLive == (again != nil))
        #expect(tale.take(.due, after: 120_000) == (again == nil ? [] : [.unreported]))
    }

    @Test("a STOP is heard from either message of a text sent twice, and from an answer only once")
    func stop() {
        func report(_ id: String, _ reason: String? = "opted_out") -> SendJob.Command {
            .receipt(DeliveryReceipt(number: 1, messageId: id, outcome: .failed, reason: reason, fault: .ours))
        }
        func answer(_ attempt: Int, _ reason: String = "opted_out") -> SendJob.Command {
            .attempted(
                SendAttempt(number: 1, attempt: attempt, startedAt: 1, result: .refused(reason: reason, fault: .ours)))
        }
        var tale = Tale.accepted()
        #expect(tale.job?.tellsOfStop(report("A")) == true && tale.job?.tellsOfStop(report("A", nil)) == false)
        #expect(tale.job?.tellsOfStop(answer(1)) == false)
        tale.take(.due, after: 120_000)
        let next = (tale.job?.attempts ?? 0) + 1
        #expect(tale.job?.tellsOfStop(report("A")) == true)
        #expect(tale.job?.tellsOfStop(answer(next)) == true && tale.job?.tellsOfStop(answer(next - 1)) == false)
        #expect(tale.job?.tellsOfStop(answer(next, "21211")) == false)
        #expect(tale.take(answer(next)) == [.forgone])
        var failed = Tale.accepted()
        failed.take(report("A"))
        #expect(failed.job?.tellsOfStop(report("A")) == false)
    }

    @Test("rows of before this was thought of are read")
    func oldRows() throws {
        var job = try #require(Tale.accepted().job)
        job.route = nil
        let text = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
        #expect(!text.contains("route"))
        #expect(try JSONDecoder().decode(SendJob.self, from: Data(text.utf8)) == job)
        let attempt = #"{"number":1,"attempt":1,"startedAt":5,"result":{"accepted":{"messageId":"A"}}}"#
        #expect(try JSONDecoder().decode(SendAttempt.self, from: Data(attempt.utf8)).provider == nil)
    }

    enum Act: CaseIterable {
        case firstAnswer, answer, refusal, retry, unclear, timePasses
        case sentA, failedA, deliveredA, failedB, deliveredB, stop, verified
    }

    private static func take(_ act: Act, _ tale: inout Tale) -> [SendJob.Event] {
        switch act {
        case .firstAnswer:
            let result = SendAttempt.Result.accepted(messageId: "A")
            return tale.take(
                .attempted(SendAttempt(number: 1, attempt: 1, startedAt: 1, result: result, provider: "a")))
        case .answer: return tale.attempt(.accepted(messageId: "B"), by: "b")
        case .refusal: return tale.attempt(.refused(reason: "x", fault: .number), by: "b")
        case .retry: return tale.attempt(.retry(afterMs: nil, reason: "x"), by: "b")
        case .unclear: return tale.attempt(.ambiguous(reason: "x"), by: "b")
        case .timePasses: return tale.take(.due, after: 120_000)
        case .sentA: return tale.take(receipt(.sent))
        case .failedA: return tale.take(receipt(.failed))
        case .deliveredA: return tale.take(receipt(.delivered))
        case .failedB: return tale.take(receipt(.failed, "B"))
        case .deliveredB: return tale.take(receipt(.delivered, "B"))
        case .stop: return tale.take(.stop(throughGeneration: 1))
        case .verified: return tale.take(.verified)
        }
    }

    @Test(
        "in any order: one repetition at most, no failure by whoever was passed over, the person only as long as needed"
    )
    func orders() {
        var frontier: [([Act], Tale)] = [([], .accepted())]
        var repeated = 0
        for _ in 0..<5 {
            var next: [([Act], Tale)] = []
            for (path, tale) in frontier {
                for act in Act.allCases {
                    var tale = tale
                    let before = tale.job
                    let events = Self.take(act, &tale)
                    guard !events.isEmpty || act == .timePasses, let job = tale.job else { continue }
                    let path = path + [act]
                    if events.contains(.unreported) {
                        repeated += 1
                        #expect(before?.isRepeated == false, "\(path)")
                        #expect(!path.contains(.stop) && !path.contains(.verified), "\(path)")
                    }
                    if job.isRepeated, job.state == .failed, before?.state != .failed {
                        #expect(act == .failedB, "\(path)")
                    }
                    if path.contains(.stop) || path.contains(.verified) { #expect(!job.mayRepeat, "\(path)") }
                    #expect(job.state != .stopped, "\(path)")
                    #expect(job.isLive == (job.request.subject.phone != Sealed([])), "\(path)")
                    #expect(job.isLive || job.remembered.request == job.request)
                    next.append((path, tale))
                }
            }
            frontier = next
        }
        #expect(repeated > 0)
    }
}
