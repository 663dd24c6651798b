import Base
import Glibc

/// The Date field (RFC 9110 §6.6.1), formatted at most once a second. Confined to its loop's thread.
struct DateField {
    private var second: time_t = 0
    private var line: [UInt8] = []

    mutating func current() -> [UInt8] {
        let now = time(nil)
        if now != second {
            second = now
            line = DateField.format(Int64(now))
        }
        return line
    }

    /// Seconds since 1970.
    static func format(_ seconds: Int64) -> [UInt8] {
        Array("Date: \(MailDate.httpText(seconds * 1000))\r\n".utf8)
    }
}
