import FoundationEssentials

/// Times as text, to and from milliseconds since 1970. Parsing is Foundation's (about half a microsecond each).
public enum RFC3339 {
    /// `2026-11-20T15:32:40+05:30`, with up to nine digits of a fraction (rounded to milliseconds), `Z` or an
    /// offset. Nil for anything else; what follows a whole time is not looked at.
    public static func milliseconds(_ text: String) -> Int64? {
        do {
            let date = try Date.ISO8601FormatStyle().parse(text)
            return Int64(exactly: (date.timeIntervalSince1970 * 1000).rounded())
        } catch {
            return nil  // Not a time; the style's error says no more than that.
        }
    }

    /// `2026-11-20T10:02:40Z`; what is left over of a second is cut.
    public static func text(_ milliseconds: Int64) -> String {
        UTCText.format(milliseconds, "%Y-%m-%dT%H:%M:%SZ")
    }

    /// `2026-11-20T10:02:40.120Z`.
    public static func precise(_ milliseconds: Int64) -> String {
        let fraction = String(1000 + UTCText.parts(milliseconds).rest).dropFirst()
        return UTCText.format(milliseconds, "%Y-%m-%dT%H:%M:%S.") + fraction + "Z"
    }

    /// `2026-11-20`, in UTC.
    public static func day(_ milliseconds: Int64) -> String {
        UTCText.format(milliseconds, "%Y-%m-%d")
    }
}
