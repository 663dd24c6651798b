#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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

    /// `Fri, 20 Nov 2026 10:02:41 GMT` or `… +0000` (RFC 9110 §5.6.7, RFC 5322 §3.3): its fields put in the order the
    /// platform's parser reads. Nil for anything else, the obsolete forms too.
    static func mailDate(_ text: String) -> Int64? {
        let fields = text.split(separator: " ")
        guard fields.count == 6, fields[0].hasSuffix(","), fields[1].count <= 2,
            let month = months.firstIndex(of: fields[2])
        else { return nil }
        let zone = fields[5] == "GMT" ? "Z" : String(fields[5])
        let day = fields[1].count == 1 ? "0\(fields[1])" : String(fields[1])
        let monthNumber = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return milliseconds("\(fields[3])-\(monthNumber)-\(day)T\(fields[4])\(zone)")
    }

    /// The system's clock, for callers that pass none.
    public static func now() -> Int64 {
        Int64((Date().timeIntervalSince1970 * 1000).rounded())
    }

    /// `2026-11-20T10:02:40Z`, in whole seconds.
    public static func text(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    }

    /// `2026-11-20T10:02:40.125Z`
    static func precise(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// `2026-11-20`, in UTC.
    static func day(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601.year().month().day())
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
