/// A pattern of digits in the small language that numbering plans are written in: digits, `\d`, `[1-35]`, `(?:a|b)`,
/// `(a)`, `?`, `{3}`, `{2,9}`, `$`. Matches by backtracking, longest repetition and first branch first; the longest
/// pattern takes microseconds.
struct DigitPattern: Sendable {
    indirect enum Node: Sendable {
        /// Bit n stands for the digit n.
        case digit(UInt16)
        case sequence([Node])
        case choice([Node])
        case repeated(Node, ClosedRange<Int>)
        /// What it matches is remembered under its number, from 0.
        case group(Int, Node)
        case end
    }

    struct Match: Equatable {
        /// How many digits it took.
        var length: Int
        /// What each group took; nil where it took no part.
        var groups: [Range<Int>?]
    }

    private let root: Node
    private let groupCount: Int

    /// Nil for what is not of that language.
    init?(_ text: some StringProtocol) {
        var parser = Parser(rest: Array(text.utf8)[...])
        guard let root = parser.choice(), parser.rest.isEmpty else { return nil }
        self.root = root
        groupCount = parser.groupCount
    }

    /// Whether the whole is matched.
    ///
    /// - Parameter digits: ASCII.
    func matches(_ digits: [UInt8]) -> Bool {
        var groups = [Range<Int>?](repeating: nil, count: groupCount)
        return Self.match(root, digits, 0, &groups) { end, _ in end == digits.count }
    }

    /// A match at the start, as long as it may be.
    func prefix(of digits: [UInt8]) -> Match? {
        var found: Match?
        var groups = [Range<Int>?](repeating: nil, count: groupCount)
        _ = Self.match(root, digits, 0, &groups) { end, groups in
            found = Match(length: end, groups: groups)
            return true
        }
        return found
    }

    private typealias Groups = [Range<Int>?]

    private static func match(
        _ node: Node, _ digits: [UInt8], _ at: Int, _ groups: inout Groups, then: (Int, inout Groups) -> Bool
    ) -> Bool {
        switch node {
        case .digit(let set):
            guard at < digits.count, (0x30...0x39).contains(digits[at]), set & (1 << UInt16(digits[at] - 0x30)) != 0
            else { return false }
            return then(at + 1, &groups)
        case .sequence(let nodes):
            return match(nodes[...], digits, at, &groups, then: then)
        case .choice(let nodes):
            for node in nodes where match(node, digits, at, &groups, then: then) { return true }
            return false
        case .repeated(let inner, let times):
            return match(inner, times, digits, at, &groups, then: then)
        case .group(let number, let inner):
            return match(inner, digits, at, &groups) { end, groups in
                let before = groups[number]
                groups[number] = at..<end
                if then(end, &groups) { return true }
                groups[number] = before
                return false
            }
        case .end:
            return at == digits.count && then(at, &groups)
        }
    }

    private static func match(
        _ nodes: ArraySlice<Node>, _ digits: [UInt8], _ at: Int, _ groups: inout Groups,
        then: (Int, inout Groups) -> Bool
    ) -> Bool {
        guard let first = nodes.first else { return then(at, &groups) }
        return match(first, digits, at, &groups) { end, groups in
            match(nodes.dropFirst(), digits, end, &groups, then: then)
        }
    }

    private static func match(
        _ node: Node, _ times: ClosedRange<Int>, _ digits: [UInt8], _ at: Int, _ groups: inout Groups,
        then: (Int, inout Groups) -> Bool
    ) -> Bool {
        if times.upperBound > 0 {
            let rest = max(0, times.lowerBound - 1)...(times.upperBound - 1)
            let isMatched = match(node, digits, at, &groups) { end, groups in
                end > at && match(node, rest, digits, end, &groups, then: then)
            }
            if isMatched { return true }
        }
        return times.lowerBound == 0 && then(at, &groups)
    }
}
