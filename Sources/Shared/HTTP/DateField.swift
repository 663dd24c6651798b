import Glibc

/// The Date field (RFC 9110 §6.6.1), formatted at most once a second. Confined to its loop's thread.
struct DateField {
    private var second: time_t = 0
    private var line: [UInt8] = []

    mutating func current() -> [UInt8] {
        let now = time(nil)
        if now != second {
            second = now
            line = DateField.format(now)
        }
        return line
    }

    /// IMF-fixdate; the process never sets a locale, so the names are English.
    static func format(_ seconds: time_t) -> [UInt8] {
        var (seconds, parts) = (seconds, tm())
        gmtime_r(&seconds, &parts)
        return [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { text in
                guard let base = text.baseAddress else { return 0 }
                return strftime(base, text.count, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts)
            }
        }
    }
}
