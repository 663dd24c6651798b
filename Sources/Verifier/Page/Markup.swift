import Base

/// HTML that can be shown: a text put into it by interpolation is escaped, another `Markup` is taken as it is.
///
/// So what a shop, an order or a client says never becomes markup, without anybody having to think of it.
struct Markup: ExpressibleByStringInterpolation, Equatable {
    private(set) var html: String

    static let empty: Markup = ""

    init(stringLiteral value: String) {
        html = value
    }

    init(stringInterpolation: Interpolation) {
        html = stringInterpolation.html
    }

    /// What is markup already: our own resources.
    init(raw html: String) {
        self.html = html
    }

    /// A text, escaped for content and for attributes in double quotes.
    init(text: String) {
        html = HTMLText.escape(text)
    }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate(set) var html = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            html.reserveCapacity(literalCapacity * 2)
        }

        mutating func appendLiteral(_ literal: String) { html += literal }

        mutating func appendInterpolation(_ markup: Markup) { html += markup.html }

        mutating func appendInterpolation(_ text: String) { html += Markup(text: text).html }

        mutating func appendInterpolation(_ number: Int) { html += String(number) }
    }
}
