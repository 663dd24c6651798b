/// Times as mails (RFC 5322 §3.3) and HTTP (RFC 9110 §5.6.7) spell them, to and from milliseconds since 1970.
public enum MailDate {
    /// `Fri, 20 Nov 2026 10:02:41 GMT` or `… +0000`: its fields put in the order the platform's parser reads. Nil for
    /// anything else, the obsolete forms too.
    public static func milliseconds(_ text: String) -> Int64? {
        let fields = text.split(separator: " ")
        guard fields.count == 6, fields[0].hasSuffix(","), fields[1].count <= 2,
            let month = months.firstIndex(of: fields[2])
        else { return nil }
        let zone = fields[5] == "GMT" ? "Z" : String(fields[5])
        let day = fields[1].count == 1 ? "0\(fields[1])" : String(fields[1])
        let monthNumber = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return RFC3339.milliseconds("\(fields[3])-\(monthNumber)-\(day)T\(fields[4])\(zone)")
    }

    /// `Fri, 20 Nov 2026 10:02:41 +0000`, a mail's.
    public static func text(_ milliseconds: Int64) -> String {
        UTCText.format(milliseconds, "%a, %d %b %Y %H:%M:%S +0000")
    }

    /// `Fri, 20 Nov 2026 10:02:41 GMT`, HTTP's.
    public static func httpText(_ milliseconds: Int64) -> String {
        UTCText.format(milliseconds, "%a, %d %b %Y %H:%M:%S GMT")
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
