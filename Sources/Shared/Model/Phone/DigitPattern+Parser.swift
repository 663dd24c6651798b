extension DigitPattern {
    /// Reads a pattern's text, part by part; nil for what is not of the language.
    struct Parser {
        var rest: ArraySlice<UInt8>
        private(set) var groupCount = 0

        init(rest: ArraySlice<UInt8>) { self.rest = rest }

        private mutating func take(_ text: StaticString) -> Bool {
            let length = text.utf8CodeUnitCount
            let isNext = text.withUTF8Buffer { rest.prefix(length).elementsEqual($0) }
            if isNext { rest = rest.dropFirst(length) }
            return isNext
        }

        mutating func choice() -> Node? {
            var branches: [Node] = []
            repeat {
                guard let branch = sequence() else { return nil }
                branches.append(branch)
            } while take("|")
            return branches.count == 1 ? branches[0] : .choice(branches)
        }

        private mutating func sequence() -> Node? {
            var nodes: [Node] = []
            while let next = rest.first, next != UInt8(ascii: "|"), next != UInt8(ascii: ")") {
                guard let atom = atom(), let node = quantified(atom) else { return nil }
                nodes.append(node)
            }
            return nodes.count == 1 ? nodes[0] : .sequence(nodes)
        }

        private mutating func atom() -> Node? {
            if take("\\d") { return .digit(0x3ff) }
            if take("$") { return .end }
            if take("(?:") {
                guard let inner = choice(), take(")") else { return nil }
                return inner
            }
            if take("(") {
                let number = groupCount
                groupCount += 1
                guard let inner = choice(), take(")") else { return nil }
                return .group(number, inner)
            }
            if take("[") { return digitClass() }
            return digit().map { .digit(1 << UInt16($0)) }
        }

        private mutating func digit() -> Int? {
            guard let first = rest.first, (0x30...0x39).contains(first) else { return nil }
            rest = rest.dropFirst()
            return Int(first - 0x30)
        }

        private mutating func digitClass() -> Node? {
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

        private mutating func number() -> Int? {
            var value: Int?
            while let digit = digit() { value = min((value ?? 0) * 10 + digit, 99) }
            return value
        }

        private mutating func quantified(_ node: Node) -> Node? {
            if take("?") { return .repeated(node, 0...1) }
            guard take("{") else { return node }
            guard let low = number() else { return nil }
            let high = take(",") ? number() : low
            guard let high, high >= low, take("}") else { return nil }
            return .repeated(node, low...high)
        }
    }
}
