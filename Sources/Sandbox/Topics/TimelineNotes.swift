import Kafka
import Model
import Pipeline

/// What one message tells: whom it is about, and the line it adds to a timeline (none for what only repeats another).
struct TimelineNotes: Sendable, Equatable {
    var order: String?
    var verification: String?
    var correlation: String?
    /// Twilio's id of a text.
    var text: String?
    var event: Line?

    struct Line: Sendable, Equatable {
        var kind: String
        var text: String

        init(_ kind: String, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    static func read(_ record: IncomingRecord, _ topic: Topic) throws(WireProblem) -> TimelineNotes {
        switch topic {
        case Catalogue.attempts: return try attempt(record)
        case Catalogue.requests: return try request(record)
        case Catalogue.sends:
            let job = try Wire.decode(SendJob.self, from: record)
            return TimelineNotes(
                order: job.request.subject.order, verification: try Wire.key(of: record), text: job.messageId)
        case Catalogue.records:
            let value = try Wire.decode(Verification.self, from: record)
            return TimelineNotes(order: value.subject.order, verification: try Wire.key(of: record))
        case Catalogue.verdicts: return try verdict(record)
        case Catalogue.outcomes: return try outcome(record)
        default: return TimelineNotes()
        }
    }

    private static func attempt(_ record: IncomingRecord) throws(WireProblem) -> TimelineNotes {
        var notes = TimelineNotes(verification: try Wire.key(of: record))
        switch try AttemptMessage(record) {
        case .opened(let subject):
            notes.order = subject.order
            notes.event = Line("opened", "verification opened, timer \(subject.timerSeconds) s")
        case .skipped(let order):
            notes.order = order.subject.order
            notes.event = Line("skipped", "nobody can be asked: \(order.reason.rawValue)")
        case .look(let ask):
            notes.correlation = ask.correlation
            notes.event = Line("page.opened", "the shopper looked at the page")
        case .guess(let ask):
            notes.correlation = ask.ask.correlation
            notes.event = Line("guess", "a code was typed")
        case .resend(let ask):
            notes.correlation = ask.correlation
            notes.event = Line("resend", "another text was asked for")
        case .challenged(let challenge):
            notes.event = Line("challenged", "code \(challenge.generation) made, its hash written down")
        case .sent(let report): notes.event = Line("sent", "text \(report.number) accepted by the provider")
        case .delivered(let report): notes.event = Line("delivered", "text \(report.number) delivered")
        case .failed(let failure):
            notes.event = Line("failed", "text \(failure.number) failed: \(failure.reason)")
        case .undelivered(let report):
            notes.event = Line("undelivered", "text \(report.number) reported as not delivered: \(report.reason)")
        case .orderCancelled: notes.event = Line("order-cancelled", "the shop cancelled the order")
        case .released(let release):
            notes.event = Line("released", "the merchant wants no verification: \(release.rawValue)")
        case .phoneChanged(let subject):
            notes.order = subject.order
            notes.event = Line("phone-changed", "the order has another number")
        case .timedOut: notes.event = Line("timed-out", "the timer has ended")
        case .settle(let action, _): notes.event = Line("settle", "to do at the shop: \(action.rawValue)")
        case .settled(let result, _): notes.event = Line("settled", "done at the shop: \(result.rawValue)")
        case .erase: notes.event = Line("erase", "erasure asked for")
        }
        return notes
    }

    private static func request(_ record: IncomingRecord) throws(WireProblem) -> TimelineNotes {
        var notes = TimelineNotes(verification: try Wire.key(of: record))
        switch try RequestMessage(record) {
        case .send(let request):
            notes.order = request.subject.order
            notes.event = Line("requested", "text \(request.number) asked for")
        case .stop: notes.event = Line("stop", "texts to the old number stopped")
        case .again(let text):
            notes.order = text.request.subject.order
            notes.event = Line("again", "text \(text.request.number) goes out once more in some minutes")
        case .attempted, .receipt, .verified: break
        }
        return notes
    }

    private static func verdict(_ record: IncomingRecord) throws(WireProblem) -> TimelineNotes {
        let answer = try Wire.decode(Answer.self, from: record)
        var notes = TimelineNotes(correlation: try Wire.key(of: record))
        guard answer.kind != .seen else { return notes }
        let left = answer.kind == .mismatch ? answer.attemptsLeft.map { ", \($0) attempts left" } ?? "" : ""
        notes.event = Line("verdict.\(answer.kind.rawValue)", "answer: \(answer.kind.rawValue)\(left)")
        return notes
    }

    private static func outcome(_ record: IncomingRecord) throws(WireProblem) -> TimelineNotes {
        let data = try Wire.decode(OutcomeData.self, from: record)
        let type = record.header("ce_type") ?? ""
        let kind = OutcomeKind.allCases.first { $0.eventType == type }?.rawValue ?? type
        let why = [data.reason, data.by.map { "by \($0)" }, data.number.map { "text \($0)" }].compactMap { $0 }
        let text = "outcome: \(kind)" + (why.isEmpty ? "" : " (\(why.joined(separator: ", ")))")
        return TimelineNotes(
            order: data.order, verification: data.verification?.text, event: Line("outcome.\(kind)", text))
    }
}
