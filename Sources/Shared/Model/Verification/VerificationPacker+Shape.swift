extension VerificationPacker {
    /// Which parts a packed verification has and which of them are in their shortest form; the status in two bits.
    struct Shape: OptionSet {
        let rawValue: UInt32

        // The lowest bits, those of the usual verification, cost the fewest bytes.
        static let firstGeneration = Shape(rawValue: 1 << 2)
        static let phoneHash = Shape(rawValue: 1 << 3)
        static let range = Shape(rawValue: 1 << 4)
        static let hasCode = Shape(rawValue: 1 << 5)
        static let bcrypt = Shape(rawValue: 1 << 6)
        static let hasCodeEnd = Shape(rawValue: 1 << 7)
        static let hasTimer = Shape(rawValue: 1 << 8)
        static let hasOrderName = Shape(rawValue: 1 << 9)
        static let hasLocale = Shape(rawValue: 1 << 10)
        static let hasCustomer = Shape(rawValue: 1 << 11)
        static let customerHash = Shape(rawValue: 1 << 12)
        static let hasReason = Shape(rawValue: 1 << 13)
        static let hasSettlement = Shape(rawValue: 1 << 14)
        static let hasGuesses = Shape(rawValue: 1 << 15)
        static let guesses = Shape(rawValue: 1 << 16)
        static let hasDetail = Shape(rawValue: 1 << 17)
        static let hasRound = Shape(rawValue: 1 << 18)
        static let hasPhoneChanges = Shape(rawValue: 1 << 19)
        static let hasUnpaid = Shape(rawValue: 1 << 20)
        static let unpaid = Shape(rawValue: 1 << 21)

        var status: Verification.Status {
            switch rawValue & 3 {
            case 0: .pending
            case 1: .verified
            case 2: .expired
            default: .cancelled
            }
        }
    }
}

extension VerificationPacker.Shape {
    init(of value: Verification) {
        let status: UInt32 =
            switch value.status {
            case .pending: 0
            case .verified: 1
            case .expired: 2
            case .cancelled: 3
            }
        self.init(rawValue: status)
        let subject = value.subject
        let parts: [(Self, Bool)] = [
            (.firstGeneration, value.generation == 1 && value.firstTextOfPhone == 1),
            (.phoneHash, PackedText.isHash(subject.phoneHash)), (.range, PackedText.isHash(subject.range)),
            (.hasCode, value.codeHash != nil), (.bcrypt, value.codeHash.map(PackedText.isBcrypt) ?? false),
            (.hasCodeEnd, value.codeExpiresAt != nil), (.hasTimer, value.timerStartedAt != nil),
            (.hasOrderName, subject.orderName != nil), (.hasLocale, subject.locale != nil),
            (.hasCustomer, subject.customerHash != nil),
            (.customerHash, subject.customerHash.map(PackedText.isHash) ?? false),
            (.hasReason, value.reason != nil), (.hasDetail, value.detail != nil),
            (.hasSettlement, value.settlement != nil), (.hasRound, value.round != nil),
            (.hasPhoneChanges, value.phoneChanges != nil),
            (.hasUnpaid, subject.unpaid != nil), (.unpaid, subject.unpaid == true),
            (.hasGuesses, !value.wrongGuesses.isEmpty), (.guesses, value.wrongGuesses.allSatisfy(PackedText.isGuess)),
        ]
        for (part, isThere) in parts where isThere { insert(part) }
    }
}
