/// What a shopper reads in a text: the code, the link and the token at its end. The code is the run of four to ten
/// digits that stands alone; the origin-bound line at the end (`@host #123456`) names it for sure.
struct TextParts: Sendable, Equatable {
    var code: String?
    var link: String?
    var token: String?

    init(_ body: String) {
        let words = body.split(whereSeparator: \.isWhitespace)
        let links = words.filter { $0.hasPrefix("https://") || $0.hasPrefix("http://") }
        link = links.first.map { Self.trimmed($0) }
        token = link?.split(separator: "/").last.map { String($0.prefix { $0 != "?" && $0 != "#" }) }
        let bound = zip(words, words.dropFirst()).first {
            $0.hasPrefix("@") && $1.hasPrefix("#") && Self.isCode($1.dropFirst())
        }
        let plain = words.lazy.map { Self.trimmed($0) }.first { Self.isCode($0[...]) }
        code = bound.map { String($0.1.dropFirst()) } ?? plain
    }

    private static func isCode(_ word: Substring) -> Bool {
        (4...10).contains(word.utf8.count) && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Without the punctuation of a sentence around it.
    private static func trimmed(_ word: Substring) -> String {
        let marks = ".,:;!?()\"'،؛؟"
        return String(word.drop { marks.contains($0) }.reversed().drop { marks.contains($0) }.reversed())
    }
}
