/// What a person's text to us says about getting more: Twilio's own word where it has one (Advanced Opt-Out), else the
/// keywords it acts upon (twilio.com/docs/messaging/tutorials/advanced-opt-out). A keyword stands alone: "cancel my order"
/// is none. The text itself is not kept.
public struct TwilioInbound: Equatable, Sendable {
    public enum Wish: Equatable, Sendable {
        case stop, start
    }

    /// E.164, as far as the provider is to be believed.
    public let from: String
    public let wish: Wish

    static let stopWords: Set<String> = [
        "STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL",
    ]
    static let startWords: Set<String> = ["START", "YES", "UNSTOP"]

    /// Nil for a text that says nothing of it.
    public init?(formFields fields: [(String, String)]) {
        func value(_ name: String) -> String { fields.first { $0.0 == name }?.1 ?? "" }
        switch value("OptOutType").uppercased() {
        case "STOP": wish = .stop
        case "START": wish = .start
        case "":
            let word = value("Body").filter { !$0.isWhitespace }.uppercased()
            guard value("Body").split(whereSeparator: \.isWhitespace).count == 1 else { return nil }
            if Self.stopWords.contains(word) {
                wish = .stop
            } else if Self.startWords.contains(word) {
                wish = .start
            } else {
                return nil
            }
        default: return nil
        }
        from = value("From")
    }
}
