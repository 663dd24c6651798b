/// What a phone would make a link of, or a person would call: our texts hold one link, ours, and no number but the
/// code.
///
/// Looks at texts as they are shown: invisible characters gone, typographic marks plain.
enum LinkLike {
    /// `https://…`, `www.…`, `name.tld`, `somebody@somewhere`, wherever in a word.
    static func hasAddress(_ text: String) -> Bool {
        words(shown(text)).contains { word in
            word.contains("://") || word.contains("@") || word.lowercased().contains("www.")
                || firstDomainDot(word) != nil
        }
    }

    /// Six digits and more with nothing but punctuation and blanks between them.
    static func hasPhoneNumber(_ text: String) -> Bool {
        runs(of: shown(text)).contains { $0.digits >= fewestDialled }
    }

    /// Digits that would be read as one number with the code, which is `mark` here: directly beside it, or four and
    /// more with only punctuation between.
    static func hasDigitsBesideCode(_ text: String) -> Bool {
        let shown = Array(shown(text))
        for (index, character) in shown.enumerated() where character == mark {
            let neighbours = [index - 1, index + 1].filter(shown.indices.contains).map { shown[$0] }
            if neighbours.contains(where: \.isWholeNumber) { return true }
        }
        return runs(of: String(shown)).contains { $0.hasCode && $0.digits >= 4 }
    }

    /// Stands for the code in texts that are looked at.
    static let mark: Character = "\u{1}"

    /// A name for people, of which nothing is a link: of a domain its first label stays.
    static func stripped(_ name: String, limit: Int) -> String {
        let plain = String(shown(name).map { "@{}\n\r\u{1}".contains($0) ? " " : $0 })
        let kept = words(plain).compactMap { word -> String? in
            var rest = Substring(word)
            while let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
            while rest.lowercased().hasPrefix("www.") { rest = rest.dropFirst(4) }
            let name = String(rest)
            let label = firstDomainDot(name).map { String(name[..<$0]) } ?? name
            return label.isEmpty ? nil : label
        }
        return String(kept.joined(separator: " ").prefix(limit))
    }

    /// A name without what could be dialled: where six digits and more, of any script, stand with no letter between
    /// them, they fall away with all that is around them.
    static func withoutNumbers(_ name: String) -> String {
        var (kept, between) = ("", "")
        func flush() {
            kept += between.count(where: isDigit) >= fewestDialled ? " " : between
            between = ""
        }
        for character in name {
            if character.isLetter && !isDigit(character) {
                flush()
                kept.append(character)
            } else {
                between.append(character)
            }
        }
        flush()
        return kept.split(separator: " ").joined(separator: " ")
    }

    // MARK: Parts

    private static let fewestDialled = 6

    /// Also `1\u{FE0F}\u{20E3}`, which is one character and no number.
    private static func isDigit(_ character: Character) -> Bool {
        guard !character.isWholeNumber else { return true }
        switch character.unicodeScalars.first?.properties.numericType {
        case .decimal, .digit: return true
        case .numeric, nil: return false
        @unknown default: return false
        }
    }

    private static let dots: Set<Character> = [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"]

    /// As it is seen: without invisible characters, with plain marks.
    static func shown(_ text: String) -> String {
        let visible = text.unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
            switch scalar.properties.generalCategory {
            case .format: nil
            case .control: scalar == "\n" || scalar == "\u{1}" ? scalar : " "
            default: scalar
            }
        }
        return PlainPunctuation.plain(String(String.UnicodeScalarView(visible)))
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0.isWhitespace || "\"'<>(),;".contains($0) }.map(String.init)
    }

    /// The dot between a label and the rest of a domain, anywhere in the word.
    private static func firstDomainDot(_ word: String) -> String.Index? {
        for index in word.indices where dots.contains(word[index]) {
            let before = word[..<index].last
            let label = word[word.index(after: index)...].prefix { isHost($0) }
            let isTop = label.count >= 2 && (label.allSatisfy(\.isLetter) || label.lowercased().hasPrefix("xn--"))
            // `a.b.com` is found at its last dot, or here where more labels follow.
            if let before, isHost(before), isTop || (!label.isEmpty && hasTop(word[index...])) { return index }
        }
        return nil
    }

    /// Whether labels go on to one that can end a domain.
    private static func hasTop(_ rest: Substring) -> Bool {
        let host = rest.prefix { isHost($0) || dots.contains($0) }
        let labels = host.dropFirst().split(omittingEmptySubsequences: false) { dots.contains($0) }
        guard !labels.contains(where: \.isEmpty) || labels.last?.isEmpty == true else { return false }
        return labels.contains { $0.count >= 2 && ($0.allSatisfy(\.isLetter) || $0.lowercased().hasPrefix("xn--")) }
    }

    private static func isHost(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "-" || character == "_"
    }

    private struct Run {
        var digits = 0
        var hasCode = false
    }

    /// Digits and codes with only punctuation and blanks between them.
    private static func runs(of text: String) -> [Run] {
        var runs: [Run] = []
        var run = Run()
        for character in text {
            if character.isWholeNumber {
                run.digits += 1
            } else if character == mark {
                run.hasCode = true
            } else if !" -+()./".contains(character) {
                runs.append(run)
                run = Run()
            }
        }
        return runs + [run]
    }
}
