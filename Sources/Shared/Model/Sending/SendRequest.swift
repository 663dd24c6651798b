/// A text asked for: `send` on `otp.requests`.
public struct SendRequest: Codable, Equatable, Sendable {
    public var number: Int
    public var generation: Int
    public var subject: Subject
    /// After this time the text is no longer sent, in milliseconds since 1970: opening + timer, at most 24 h.
    public var sendBy: Int64

    public init(number: Int, generation: Int, subject: Subject, sendBy: Int64) {
        self.number = number
        self.generation = generation
        self.subject = subject
        self.sendBy = sendBy
    }

    public var codeSeconds: Int { subject.codeSeconds }

    /// The same without anything of the person it went to.
    public var withoutPerson: SendRequest {
        var request = self
        request.subject.phone = Sealed([])
        request.subject.phoneHash = ""
        request.subject.phoneMask = ""
        request.subject.customerHash = nil
        return request
    }

    /// Whether its numbers can be meant: from 1 up, a code of 4 to 10 digits that lives.
    public var isPlausible: Bool {
        let numbers = 1...1_000_000
        // Up to the year 9999.
        let moments: ClosedRange<Int64> = 0...253_402_300_799_999
        return numbers.contains(number) && numbers.contains(generation) && moments.contains(sendBy)
            && subject.isPlausible
    }

    /// The last time at which the first text of a verification opened at `openedAt` may be sent.
    public static func sendBy(openedAt: Int64, timerSeconds: Int) -> Int64 {
        openedAt + min(Int64(timerSeconds), 86_400) * 1000
    }
}
