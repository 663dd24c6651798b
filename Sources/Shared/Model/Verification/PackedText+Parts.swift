/// Texts asked for and settlements: a head byte each for what is one of a few, times as the way from the one before.
extension PackedText {
    static func write(_ texts: [Verification.Text], generation: Int, openedAt: Int64, _ out: inout ByteWriter) {
        out.number(UInt64(texts.count))
        var number = 0
        var time = openedAt
        for text in texts {
            let isNext = text.number == number &+ 1
            let isCurrent = text.generation == generation
            let fault: UInt8 =
                switch text.fault {
                case nil: 0
                case .number: 1
                case .ours: 2
                }
            out.byte(code(text.state) | fault << 2 | (isNext ? 0x10 : 0) | (isCurrent ? 0x20 : 0))
            if !isNext { out.signed(Int64(text.number)) }
            if !isCurrent { out.signed(Int64(text.generation)) }
            out.delta(text.askedAt, from: time)
            (number, time) = (text.number, text.askedAt)
        }
    }

    static func texts(generation: Int, openedAt: Int64, _ bytes: inout ByteReader) -> [Verification.Text] {
        var number = 0
        var time = openedAt
        let count = Int(bytes.number())
        return (0..<count).map { _ in
            let head = bytes.byte()
            number = head & 0x10 != 0 ? number &+ 1 : Int(bytes.signed())
            let own = head & 0x20 != 0 ? generation : Int(bytes.signed())
            time = bytes.delta(from: time)
            let fault: Verification.Fault? = head >> 2 & 3 == 0 ? nil : head >> 2 & 3 == 1 ? .number : .ours
            return Verification.Text(number: number, generation: own, state: state(head), askedAt: time, fault: fault)
        }
    }

    private static func code(_ state: Verification.Text.State) -> UInt8 {
        switch state {
        case .asked: 0
        case .sent: 1
        case .delivered: 2
        case .failed: 3
        case .undelivered: 0x40
        }
    }

    private static func state(_ head: UInt8) -> Verification.Text.State {
        switch head & 0x43 {
        case 0: .asked
        case 1: .sent
        case 2: .delivered
        case 3: .failed
        default: .undelivered
        }
    }

    static func write(_ settlement: Settlement, from statusAt: Int64, _ out: inout ByteWriter) {
        let result = settlement.result.map { index(of: $0) + 1 } ?? 0
        out.byte(index(of: settlement.action) | result << 3 | (settlement.settledAt == nil ? 0 : 0x80))
        out.delta(settlement.intendedAt, from: statusAt)
        if let settledAt = settlement.settledAt { out.delta(settledAt, from: settlement.intendedAt) }
    }

    static func settlement(from statusAt: Int64, _ bytes: inout ByteReader) -> Settlement {
        let head = bytes.byte()
        let result = Int(head >> 3 & 0xf)
        let intendedAt = bytes.delta(from: statusAt)
        return Settlement(
            action: Settlement.Action.allCases[Int(head & 7)], intendedAt: intendedAt,
            result: result == 0 ? nil : Settlement.Result.allCases[result - 1],
            settledAt: head & 0x80 == 0 ? nil : bytes.delta(from: intendedAt))
    }

    private static func index<Case: CaseIterable & Equatable>(of value: Case) -> UInt8 {
        for (index, other) in Case.allCases.enumerated() where other == value { return UInt8(index) }
        preconditionFailure("\(value) is not among all cases")
    }
}
