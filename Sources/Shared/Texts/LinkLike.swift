/// What a phone would make a link of, or a person would call: our texts hold one link, ours, and no number but the code.
enum LinkLike {
    /// `https://…`, `www.…`, `name.tld`, `somebody@somewhere`.
    static func hasAddress(_ text: String) -> Bool {
        words(text).contains { word in
            word.contains("://") || word.contains("@") || word.lowercased().hasPrefix("www.") || domain(in: word) != nil
        }
    }

    /// Six digits and more with nothing but punctuation and blanks between them.
    static func hasPhoneNumber(_ text: String) -> Bool {
        var digits = 0
        for character in text {
            if character.isWholeNumber {
                digits += 1
                if digits == 6 { return true }
            } else if !" -–+()./".contains(character) {
                digits = 0
            }
        }
        return false
    }

    /// A name for people, of which nothing is a link: of a domain its first label stays.
    static func stripped(_ name: String, limit: Int) -> String {
        let shown = name.unicodeScalars.map { isControl($0) ? " " : $0 }
        let words = words(String(String.UnicodeScalarView(shown))).compactMap { word -> String? in
            var rest = Substring(word)
            if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
            if rest.lowercased().hasPrefix("www.") { rest = rest.dropFirst(4) }
            let kept = rest.filter { $0 != "@" && $0 != "{" && $0 != "}" }
            let name = domain(in: kept) == nil ? kept : String(kept.prefix { !Self.dots.contains($0) })
            return name.isEmpty ? nil : name
        }
        return String(words.joined(separator: " ").prefix(limit))
    }

    private static let dots: Set<Character> = [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"]

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0.isWhitespace || "\"'<>«»“”(),;".contains($0) }.map(String.init)
    }

    /// Labels of letters, digits and dashes with dots between them, the last one of two letters and more.
    private static func domain(in word: String) -> Substring? {
        let host = word.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || dots.contains($0) }
        let labels = host.split(omittingEmptySubsequences: false) { dots.contains($0) }
        let named = labels.last?.isEmpty == true ? labels.dropLast() : labels[...]
        guard named.count >= 2, named.allSatisfy({ !$0.isEmpty }), let last = named.last, last.count >= 2,
            last.allSatisfy(\.isLetter)
        else { return nil }
        return host
    }
}
