import Kafka
import Model
import Pipeline

/// STOP and START: kept in the phone's row of `otp.numbers`, where every request to it is held against them.
extension SenderLogic {
    /// Whether the message was one. A repeated or replayed one changes nothing.
    func takeOptOut(_ record: IncomingRecord) throws(WireProblem) -> Bool {
        guard let message = try OptOutMessage(record) else { return false }
        let moment = Moment(now: record.timestamp, offset: record.offset)
        if !opt(out: message.isOut, message.phone, moment) { metrics.ignored.add() }
        return true
    }

    /// The provider knows of a STOP that did not reach us: it is kept as if it had, whatever becomes of the text. Where
    /// the job has forgotten the person, Verifier names the phone.
    func keepOptOut(_ job: SendJob, _ command: SendJob.Command, _ moment: Moment) {
        guard job.tellsOfStop(command), let phone = NumberKey(job.request.subject.phoneHash) else { return }
        _ = opt(out: true, phone, moment)
    }

    /// Whether that changed anything.
    private func opt(out isOut: Bool, _ phone: NumberKey, _ moment: Moment) -> Bool {
        let row: PhoneTexts? = if case .phone(let row)? = numbers[phone] { row } else { nil }
        guard let offset = moment.offset,
            let next = NumberGate.opted(out: isOut, row, now: moment.now, offset: offset)
        else { return false }
        numbers.set(phone, .phone(next))
        metrics.optOut(isOut)
        return true
    }
}
