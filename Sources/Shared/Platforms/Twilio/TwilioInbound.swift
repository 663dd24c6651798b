/// What a person's text to us says about getting more: Twilio's own word where it has one (Advanced Opt-Out), else the
/// keywords it acts upon (twilio.com/docs/messaging/tutorials/advanced-opt-out) and the same words in the languages
/// that Advanced Opt-Out is set up for. A keyword stands alone: "cancel my order" is none. Twilio itself acts upon the
/// bare word only; a person who answers "Stop." wants no more texts all the same. The text itself is not kept.
public struct TwilioInbound: Equatable, Sendable {
    public enum Wish: Equatable, Sendable {
        case stop, start
    }

    /// E.164, as far as the provider is to be believed.
    public let from: String
    public let wish: Wish

    /// Nil for a text that says nothing of it.
    public init?(formFields fields: [(String, String)]) {
        func value(_ name: String) -> String { Self.visible(fields.first { $0.0 == name }?.1 ?? "") }
        switch value("OptOutType").filter({ !$0.isWhitespace }).uppercased() {
        case "STOP": wish = .stop
        case "START": wish = .start
        case "":
            guard let wish = OptOutWords.wish(ofText: value("Body")) else { return nil }
            self.wish = wish
        default: return nil
        }
        from = Self.number(value("From"))
    }

    /// Without what nobody sees: marks of direction, joiners, variation selectors, soft hyphens, control characters.
    private static func visible(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.isWhitespace {
                scalars.append(scalar)
                continue
            }
            switch properties.generalCategory {
            case .format, .control: continue
            default: if !properties.isDefaultIgnorableCodePoint { scalars.append(scalar) }
            }
        }
        return String(scalars)
    }

    /// Without the channel before it, where a number follows: `rcs:+1…`, `whatsapp:+1…`.
    private static func number(_ from: String) -> String {
        let text = from.filter { !$0.isWhitespace }
        guard let colon = text.lastIndex(of: ":") else { return text }
        let rest = text[text.index(after: colon)...]
        return rest.first == "+" ? String(rest) : text
    }
}
