import Kafka
import Model
import Pipeline

/// STOP and START: kept in the phone's row of `otp.numbers`, where every request to it is held against them.
extension SenderLogic {
    /// Whether the message was one. A repeated or replayed one changes nothing.
    func takeOptOut(_ record: IncomingRecord) throws(WireProblem) -> Bool {
        guard let message = try OptOutMessage(record) else { return false }
        let row: PhoneTexts? = if case .phone(let row)? = numbers[message.phone] { row } else { nil }
        let next = NumberGate.opted(
            out: message.isOut, row, now: record.timestamp, offset: record.offset)
        guard let next else {
            metrics.ignored.add()
            return true
        }
        numbers.set(message.phone, .phone(next))
        metrics.optOut(message.isOut)
        return true
    }
}
