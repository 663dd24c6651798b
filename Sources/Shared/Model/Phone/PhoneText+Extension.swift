extension PhoneText {
    /// Words that announce an extension, and how many digits it then may have: the surer the word, the more.
    private static let markers: [(word: [Unicode.Scalar], digits: Int)] = [
        (";ext=", 20), ("extensión", 20), ("extensio\u{301}n", 20), ("extension", 20), ("extensi", 20), ("extn", 20),
        ("ext", 20), ("xtn", 20), ("xt", 20), ("ｅｘｔｎ", 20), ("ｅｘｔ", 20), ("ｘｔｎ", 20), ("ｘｔ", 20), ("доб", 20),
        ("anexo", 20), ("int", 9), ("ｉｎｔ", 9), ("x", 9), ("ｘ", 9), ("#", 9), ("＃", 9), ("~", 9), ("～", 9),
    ].map { (Array($0.0.unicodeScalars), $0.1) }

    /// The number without an extension at its end, and that extension's digits. A comma announces none: it stands
    /// between the groups of a number as well, so ``PhoneReading`` weighs it.
    static func splitExtension(
        _ text: ArraySlice<Unicode.Scalar>
    ) -> (number: ArraySlice<Unicode.Scalar>, callExtension: String?) {
        let hasHash = text.last == "#"
        let body = hasHash ? text.dropLast() : text
        let tail = body.reversed().prefix { digit($0) != nil }.count
        guard tail > 0 else { return (text, nil) }
        let digits = body.suffix(tail)
        let number = body.dropLast(tail)
        func found(_ end: ArraySlice<Unicode.Scalar>) -> (ArraySlice<Unicode.Scalar>, String?)? {
            let rest = trimmed(end, [" ", "\u{A0}", "\t", ","])
            guard rest.count(where: { digit($0) != nil }) >= 3 else { return nil }
            return (rest, String(decoding: digits.compactMap { digit($0).map { 0x30 + $0 } }, as: UTF8.self))
        }
        let gap: Set<Unicode.Scalar> = [" ", "\u{A0}", "\t", ",", "-"]
        var lead = trimmed(number, gap)
        if let last = lead.last, [":", ".", "．"].contains(last) {
            let word = trimmed(lead.dropLast(), gap)
            if markers.contains(where: { ends(word, with: $0.word) != nil }) { lead.removeLast() }
        }
        for (word, most) in markers where tail <= most {
            guard let start = ends(lead, with: word) else { continue }
            if let split = found(lead[..<start]) { return split }
        }
        // `- 123#`, as written in North America.
        if hasHash, tail <= 6, let last = number.last, last == "-" || last == " " {
            if let split = found(trimmed(number, ["-", " "])) { return split }
        }
        return (text, nil)
    }

    private static func trimmed(
        _ text: ArraySlice<Unicode.Scalar>, _ scalars: Set<Unicode.Scalar>
    ) -> ArraySlice<Unicode.Scalar> {
        text.dropLast(text.reversed().prefix { scalars.contains($0) }.count)
    }

    /// Where the word begins that the text ends with, whatever its case.
    private static func ends(_ text: ArraySlice<Unicode.Scalar>, with word: [Unicode.Scalar]) -> Int? {
        guard text.count >= word.count else { return nil }
        let tail = text.suffix(word.count)
        let isEqual = zip(tail, word).allSatisfy { $0.properties.lowercaseMapping == $1.properties.lowercaseMapping }
        return isEqual ? tail.startIndex : nil
    }
}
