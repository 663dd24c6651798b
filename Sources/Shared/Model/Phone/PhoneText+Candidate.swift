extension PhoneText {
    /// RFC 3966: what follows `tel:`, with its context in front and its parameters gone.
    static func subscriber(_ text: [Unicode.Scalar]) -> ArraySlice<Unicode.Scalar> {
        guard let start = text.firstRange(of: Array("tel:".unicodeScalars))?.upperBound,
            !text[..<start].contains(where: { digit($0) != nil })
        else { return text[...] }
        let marker = Array(";phone-context=".unicodeScalars)
        guard let context = text.firstRange(of: marker) else { return text[start...] }
        let prefix = text[context.upperBound...].prefix { $0 != ";" }
        let number = text[start..<max(start, context.lowerBound)]
        return prefix.first.map(isPlus) == true ? (Array(prefix) + number)[...] : number
    }

    /// From the first digit, or the plus before it, to the last letter, digit or `#`.
    static func candidate(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        var rest = unlabelled(text)
        while let first = rest.first, digit(first) == nil, !(isPlus(first) && beginsNumber(rest)) {
            rest.removeFirst()
        }
        if let sub = rest.firstRange(of: Array(";isub=".unicodeScalars)) { rest = rest[..<sub.lowerBound] }
        while let last = rest.last, last != "#" {
            switch PhoneCharacter(last) {
            case .digit, .letter: return rest
            case .separator where last == "*" || last == "•": return rest
            case .plus, .blank, .open, .close, .separator, .slash, .list, .symbol: rest.removeLast()
            }
        }
        return rest
    }

    /// Without a label that has a digit or two: `WhatsApp 2: 0664 …`.
    private static func unlabelled(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        guard let colon = text.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return text }
        let label = text[..<colon]
        guard label.count(where: { digit($0) != nil }) <= 2, !label.contains(where: isPlus) else { return text }
        let rest = text[(colon + 1)...]
        guard rest.first.map({ digit($0) == nil }) ?? false,
            let first = rest.first(where: { isPlus($0) || digit($0) != nil }), isPlus(first) || digit(first) == 0
        else { return text }
        return rest
    }

    /// Whether digits follow the plus it begins with.
    private static func beginsNumber(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let next = text.first { scalar in
            switch PhoneCharacter(scalar) {
            case .plus, .blank, .open, .close, .separator: false
            case .digit, .slash, .list, .letter, .symbol: true
            }
        }
        return next.flatMap(digit) != nil
    }
}
