extension PhoneText {
    /// Words that announce an extension, and how many digits it then may have: the surer the word, the more.
    private static let markers: [(word: String, digits: Int)] = [
        (";ext=", 20), ("extensión", 20), ("extensio\u{301}n", 20), ("extension", 20), ("extensi", 20), ("extn", 20),
        ("ext", 20), ("xtn", 20), ("xt", 20), ("ｅｘｔｎ", 20), ("ｅｘｔ", 20), ("ｘｔｎ", 20), ("ｘｔ", 20), ("доб", 20),
        ("anexo", 20), ("int", 9), ("ｉｎｔ", 9), ("x", 9), ("ｘ", 9), ("#", 9), ("＃", 9), ("~", 9), ("～", 9), (",,", 15),
        (";", 15), (",", 9),
    ]

    /// The number without an extension at its end, and that extension's digits.
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
            var rest = end
            while let last = rest.last, [" ", "\u{A0}", "\t", ","].contains(last) { rest.removeLast() }
            guard rest.count(where: { digit($0) != nil }) >= 3 else { return nil }
            return (rest, String(decoding: digits.compactMap { digit($0).map { 0x30 + $0 } }, as: UTF8.self))
        }
        var lead = number
        while let last = lead.last, [" ", "\u{A0}", "\t", ",", "-"].contains(last),
            last != "," || tail > 9 || hasWord(lead)
        {
            lead.removeLast()
        }
        if let last = lead.last, [":", ".", "．"].contains(last), hasWord(lead.dropLast()) { lead.removeLast() }
        for (word, most) in markers where tail <= most {
            guard let start = ends(lead, with: word) else { continue }
            if let split = found(lead[..<start]) { return split }
        }
        // `- 123#`, as written in North America.
        if hasHash, tail <= 6, let last = number.last, last == "-" || last == " " {
            var rest = number
            while let last = rest.last, last == "-" || last == " " { rest.removeLast() }
            if let split = found(rest) { return split }
        }
        return (text, nil)
    }

    private static func hasWord(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let trimmed = text.reversed().drop { [" ", "\u{A0}", "\t", ",", "-"].contains($0) }
        return markers.contains { ends(ArraySlice(trimmed.reversed()), with: $0.word) != nil }
    }

    /// Where the word begins that the text ends with, whatever its case.
    private static func ends(_ text: ArraySlice<Unicode.Scalar>, with word: String) -> Int? {
        let wanted = Array(word.unicodeScalars)
        guard text.count >= wanted.count else { return nil }
        let tail = text.suffix(wanted.count)
        let isEqual = zip(tail, wanted).allSatisfy { $0.properties.lowercaseMapping == $1.properties.lowercaseMapping }
        return isEqual ? tail.startIndex : nil
    }
}
