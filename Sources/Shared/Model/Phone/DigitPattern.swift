/// A pattern of digits in the small language that numbering plans are written in: digits, `\d`, `[1-35]`, `(?:a|b)`,
/// `?`, `{3}`, `{2,9}`. Matches whole numbers, by backtracking; the longest pattern takes microseconds.
struct DigitPattern {
    private indirect enum Node {
        /// Bit n stands for the digit n.
        case digit(UInt16)
        case sequence([Node])
        case choice([Node])
        case repeated(Node, ClosedRange<Int>)
    }

    private let root: Node

    /// Nil for what is not of that language.
    init?(_ text: some StringProtocol) {
        var parser = Parser(rest: Array(text.utf8)[...])
        guard let root = parser.choice(), parser.rest.isEmpty else { return nil }
        self.root = root
    }

    /// - Parameter digits: ASCII.
    func matches(_ digits: [UInt8]) -> Bool {
        Self.match(root, digits[...]) { $0.isEmpty }
    }

    private static func match(
        _ node: Node, _ digits: ArraySlice<UInt8>, then: (ArraySlice<UInt8>) -> Bool
    ) -> Bool {
        switch node {
        case .digit(let set):
            guard let first = digits.first, (0x30...0x39).contains(first), set & (1 << UInt16(first - 0x30)) != 0 else {
                return false
            }
            return then(digits.dropFirst())
        case .sequence(let nodes):
            return match(nodes[...], digits, then: then)
        case .choice(let nodes):
            return nodes.contains { match($0, digits, then: then) }
        case .repeated(let inner, let times):
            return match(inner, times, digits, then: then)
        }
    }

    private static func match(
        _ nodes: ArraySlice<Node>, _ digits: ArraySlice<UInt8>, then: (ArraySlice<UInt8>) -> Bool
    ) -> Bool {
        guard let first = nodes.first else { return then(digits) }
        return match(first, digits) { match(nodes.dropFirst(), $0, then: then) }
    }

    private static func match(
        _ node: Node, _ times: ClosedRange<Int>, _ digits: ArraySlice<UInt8>, then: (ArraySlice<UInt8>) -> Bool
    ) -> Bool {
        if times.lowerBound == 0, then(digits) { return true }
        guard times.upperBound > 0 else { return false }
        let rest = max(0, times.lowerBound - 1)...(times.upperBound - 1)
        return match(node, digits) { match(node, rest, $0, then: then) }
    }

    private struct Parser {
        var rest: ArraySlice<UInt8>

        mutating func take(_ text: StaticString) -> Bool {
            let bytes = Array(text.description.utf8)
            guard rest.starts(with: bytes) else { return false }
            rest = rest.dropFirst(bytes.count)
            return true
        }

        mutating func choice() -> Node? {
            var branches: [Node] = []
            repeat {
                guard let branch = sequence() else { return nil }
                branches.append(branch)
            } while take("|")
            return branches.count == 1 ? branches[0] : .choice(branches)
        }

        mutating func sequence() -> Node? {
            var nodes: [Node] = []
            while let next = rest.first, next != UInt8(ascii: "|"), next != UInt8(ascii: ")") {
                guard let atom = atom(), let node = quantified(atom) else { return nil }
                nodes.append(node)
            }
            return .sequence(nodes)
        }

        mutating func atom() -> Node? {
            if take("\\d") { return .digit(0x3ff) }
            if take("(?:") {
                guard let inner = choice(), take(")") else { return nil }
                return inner
            }
            if take("[") { return digitClass() }
            return digit().map { .digit(1 << UInt16($0)) }
        }

        mutating func digit() -> Int? {
            guard let first = rest.first, (0x30...0x39).contains(first) else { return nil }
            rest = rest.dropFirst()
            return Int(first - 0x30)
        }

        mutating func digitClass() -> Node? {
            var set: UInt16 = 0
            while !take("]") {
                guard let low = digit() else { return nil }
                guard take("-") else {
                    set |= 1 << UInt16(low)
                    continue
                }
                guard let high = digit(), high >= low else { return nil }
                for digit in low...high { set |= 1 << UInt16(digit) }
            }
            return .digit(set)
        }

        mutating func number() -> Int? {
            var value: Int?
            while let digit = digit() { value = min((value ?? 0) * 10 + digit, 99) }
            return value
        }

        mutating func quantified(_ node: Node) -> Node? {
            if take("?") { return .repeated(node, 0...1) }
            guard take("{") else { return node }
            guard let low = number() else { return nil }
            let high = take(",") ? number() : low
            guard let high, high >= low, take("}") else { return nil }
            return .repeated(node, low...high)
        }
    }
}
