/// A text with `{{names}}` in it, filled in one pass: what is put in is never read as a name again.
struct TextTemplate: Sendable {
    /// Fits one GSM-7 segment (160) with a link of 65 characters and names of ordinary length.
    static let builtIn = TextTemplate(
        "{{shop}}: your code is {{code}}, valid {{minutes}} min. Confirm your order {{order}}: {{link}}")
    /// For an order without a name.
    static let builtInUnnamed = TextTemplate(
        "{{shop}}: your code is {{code}}, valid {{minutes}} min. Confirm your order: {{link}}")

    private let text: String

    init(_ text: String) {
        self.text = text
    }

    /// Unknown names stay as they are.
    func filled(_ values: [String: String]) -> String {
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            result += rest[..<open.lowerBound]
            let inner = rest[open.upperBound...]
            guard let close = inner.firstRange(of: "}}"), let value = values[String(inner[..<close.lowerBound])] else {
                result += "{{"
                rest = inner
                continue
            }
            result += value
            rest = inner[close.upperBound...]
        }
        return result + rest
    }
}
