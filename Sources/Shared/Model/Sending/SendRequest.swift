/// A text asked for: `send` on `otp.requests`.
public struct SendRequest: Codable, Equatable, Sendable {
    public var number: Int
    public var generation: Int
    public var subject: Subject
    /// After this time the text is no longer sent, in milliseconds since 1970: opening + timer, at most 24 h.
    public var sendBy: Int64
    /// What it is for; nil is the code.
    public var kind: TextKind?

    public init(number: Int, generation: Int, subject: Subject, sendBy: Int64, kind: TextKind? = nil) {
        self.number = number
        self.generation = generation
        self.subject = subject
        self.sendBy = sendBy
        self.kind = kind
    }

    public var textKind: TextKind { kind ?? .code }

    /// The one text of its kind that a verification may have beside those with a code; its number tells it from them.
    ///
    /// - Returns: nil where the merchant has not switched such texts on.
    public static func word(_ kind: TextKind, about verification: Verification, now: Int64) -> SendRequest? {
        guard kind != .code, verification.subject.words?.contains(kind) == true else { return nil }
        let life: Int64 = kind == .verified ? 3_600_000 : 6 * 3_600_000
        return SendRequest(
            number: kind == .verified ? 101 : 102, generation: verification.generation, subject: verification.subject,
            sendBy: now + life, kind: kind)
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
