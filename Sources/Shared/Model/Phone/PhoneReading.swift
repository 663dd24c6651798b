/// Which of a text's groups of digits are its number. People put separators within a number and between numbers, and
/// what they add behind a number may be digits too. So a number ends where it is complete, and where that is in doubt
/// there is none: a code goes to nobody rather than to a number that nobody typed.
struct PhoneReading {
    private let text: PhoneText
    private let home: PhoneRegion?
    private let groups: [PhoneText.Group]

    typealias Found = Result<PhoneNumber, PhoneProblem>

    /// What may end a number, from the surest sign of it to the faintest.
    private enum Cut: Int {
        /// A semicolon, a line's end, a plus.
        case list
        /// A slash, comma, dash or dot with a blank beside it.
        case loose
        /// An opening bracket.
        case bracket
        /// A slash or comma with digits on both sides.
        case slash

        var next: Cut? { Cut(rawValue: rawValue + 1) }
    }

    /// A block that people write without a gap: behind as many digits a number is often complete.
    private static let block = 6
    /// More digits than any number has with prefixes and calling codes before it.
    private static let mostDigits = 25

    init(_ text: PhoneText, home: PhoneRegion?) {
        (self.text, self.home, groups) = (text, home, text.groups)
    }

    func number() -> Found {
        let found = resolve(.list, groups.count)
        guard text.hasRemark, case .success(let number) = found, !isComplete(number) else { return found }
        return .failure(.ambiguous)
    }

    /// Whether it may end there.
    private func isComplete(_ number: PhoneNumber) -> Bool {
        MobileLengths.of(number).map { number.e164.utf8.count >= $0.least } ?? true
    }

    private func cut(_ group: Int) -> Cut? {
        let gap = groups[group].gap
        if gap.contains(.plus) || gap.contains(.list) { return .list }
        if gap.contains(.slash) { return gap.contains(.blank) ? .loose : .slash }
        if gap.contains(.open) { return .bracket }
        return gap.contains(.separator) && gap.contains(.blank) ? .loose : nil
    }

    /// The number in the first groups, which may be cut at these signs and fainter ones.
    private func resolve(_ level: Cut?, _ end: Int) -> Found {
        guard let level else { return uncut(end) }
        let cuts = (1..<max(end, 1)).filter { cut($0) == level }
        for (index, at) in cuts.enumerated() {
            guard digitCount(0..<at) <= Self.mostDigits else { break }
            guard case .success(let first) = resolve(level.next, at), isComplete(first) else { continue }
            return decide(first, cutAt: at, end, isFirstCut: index == 0, all: resolve(level.next, end))
        }
        return resolve(level.next, end)
    }

    /// - Parameters:
    ///   - first: the number before the cut.
    ///   - all: what the whole would be.
    private func decide(_ first: PhoneNumber, cutAt at: Int, _ end: Int, isFirstCut: Bool, all: Found) -> Found {
        let more = digitCount(at..<end)
        let isBlock = isBlock(at - 1)
        guard case .success(let whole) = all else {
            // Which of two numbers was meant is not said. Where the same sign stands within a number, so may this one.
            return isNumber(from: at, end) || !(isFirstCut || isBlock) ? .failure(.ambiguous) : .success(first)
        }
        if whole.e164 == first.e164 { return .success(first) }
        let gap = groups[at].gap
        if gap.isDisjoint(with: [.slash, .list, .open, .plus]) {
            // `030 123456 - 78` is how extensions are dialled in some countries; mobile phones have none.
            if whole.type == .fixedLine, first.type == .fixedLine, more <= 4 { return .success(whole) }
            return isFirstCut ? .failure(.ambiguous) : .success(whole)
        }
        if gap.contains(.open), text.hasRemark { return .success(first) }
        guard more <= 2 else { return .failure(.ambiguous) }
        return isFirstCut || isBlock ? .success(first) : .success(whole)
    }

    /// Without any further sign: all of the groups, but for digits of a remark behind them.
    private func uncut(_ end: Int) -> Found {
        let whole = joined(end)
        guard end == groups.count, end > 1 else { return whole }
        let earlier = earlierEnds(end, whole)
        guard let last = earlier.last else { return isFollowed(end, whole) ? .failure(.ambiguous) : whole }
        guard case .success(let all) = whole else {
            let isSure = isBlock(last.at - 1) || text.isOfRemark && last.at == end - 1
            return text.hasRemark && isSure && earlier.count == 1 ? .success(last.number) : .failure(.ambiguous)
        }
        // `0664 1234567 17 Uhr`, `0664 1234567-12`, `0664 1234567 2`; fixed lines do have extensions that are dialled.
        let areLines = all.type == .fixedLine && earlier.allSatisfy { $0.number.type == .fixedLine }
        return areLines && !text.hasRemark ? whole : .failure(.ambiguous)
    }

    /// Where a number may have ended before the last group.
    private func earlierEnds(_ end: Int, _ whole: Found) -> [(at: Int, number: PhoneNumber)] {
        (1..<end).compactMap { at in
            guard cut(at) == nil, text.hasRemark || mayBeExtension(at), digitCount(at..<end) <= 6,
                case .success(let number) = joined(at),
                isComplete(number), number.type != .fixedLine || isBlock(at - 1),
                !isUsualGroup(at, of: whole, behind: number)
            else { return nil }
            return (at, number)
        }
    }

    /// Whether what is no number as a whole is one with a further one behind it, or with a digit that stands alone:
    /// `06 12 34 56 78 06 87 65 43 21`, `06 12 34 56 78 9`.
    private func isFollowed(_ end: Int, _ whole: Found) -> Bool {
        guard case .failure = whole else { return false }
        return (1..<end).contains { at in
            guard digitCount(at..<end) == 1 || startsNumber(at) && isNumber(from: at, end),
                case .success(let number) = read(0..<at)
            else { return false }
            return isComplete(number)
        }
    }

    /// `0664 123 456 78 Max`: the plan has numbers that end behind `456`, but few, and the group behind it stands no
    /// more apart than the others do, while the whole is as long as most are.
    private func isUsualGroup(_ at: Int, of whole: Found, behind number: PhoneNumber) -> Bool {
        guard case .success(let whole) = whole, let lengths = MobileLengths.of(whole), whole.country == number.country,
            !isBlock(at - 1), !text.isOfRemark, groups[at].digits.count >= 2
        else { return false }
        return lengths.usual.contains(whole.e164.utf8.count) && number.e164.utf8.count < lengths.usual.lowerBound
    }

    private func isBlock(_ group: Int) -> Bool { groups[group].digits.count >= Self.block }

    /// Whether few digits stand apart at the end: behind a block of many, or behind the only dash.
    private func mayBeExtension(_ at: Int) -> Bool {
        let more = digitCount(at..<groups.count)
        let before = groups[at - 1].digits.count
        guard groups[at].gap == .separator else { return more <= 2 && before > Self.block }
        return more <= 3 && (before >= Self.block || !groups[..<at].contains { $0.gap.contains(.separator) })
    }

    /// The groups as one number, unless that were a mixture: a further number begins among them.
    private func joined(_ end: Int) -> Found {
        let whole = read(0..<end)
        guard case .success(let number) = whole else {
            // `Top 4 0664 1234567`
            let isLabelled = (1..<max(end, 1)).contains { at in
                text.hasLabel && digitCount(0..<at) <= 2 && startsNumber(at) && !isCallingCode(lead(at))
                    && isNumber(from: at, end)
            }
            return isLabelled ? .failure(.ambiguous) : whole
        }
        for at in 1..<max(end, 1) where startsNumber(at) || text.hasLabel && digitCount(0..<at) <= 2 {
            guard case .success(let other) = read(at..<end), other.e164 != number.e164 else { continue }
            let lead = lead(at)
            // `+43 (0664) 1234567`
            if number.e164.utf8.dropFirst().starts(with: lead), isCallingCode(lead) { continue }
            // `Top 4 628 123 456`: without a national prefix only a mobile number is sure to begin behind the label.
            guard startsNumber(at) || other.type == .mobile else { continue }
            let isLabel = lead.count <= 3 && !startsNumber(0)
            if isLabel || cut(at) != nil { return .failure(.ambiguous) }
            if case .success = read(0..<at) { return .failure(.ambiguous) }
        }
        return whole
    }

    /// Whether a whole number begins at this group.
    private func isNumber(from at: Int, _ end: Int) -> Bool {
        (at + 1...end).contains { stop in
            if case .success = read(at..<stop) { true } else { false }
        }
    }

    /// With a plus or a national prefix.
    private func startsNumber(_ group: Int) -> Bool {
        groups[group].gap.contains(.plus) || groups[group].digits.first == 0x30
    }

    /// The digits before this group, without noughts at their start.
    private func lead(_ group: Int) -> ArraySlice<UInt8> { groups[..<group].flatMap(\.digits).drop { $0 == 0x30 } }

    private func isCallingCode(_ digits: ArraySlice<UInt8>) -> Bool {
        PhonePlans.callingCode(of: digits)?.length == digits.count
    }

    private func digitCount(_ range: Range<Int>) -> Int { groups[range].reduce(0) { $0 + $1.digits.count } }

    private func read(_ range: Range<Int>) -> Found {
        guard !groups[range].dropFirst().contains(where: { $0.gap.contains(.plus) }) else {
            return .failure(.unparseable)
        }
        guard digitCount(range) <= Self.mostDigits else { return .failure(.tooLong) }
        let hasPlus = groups[range.lowerBound].gap.contains(.plus)
        return PhoneNumber.read(groups[range].flatMap(\.digits), hasPlus: hasPlus, home: home)
    }
}
