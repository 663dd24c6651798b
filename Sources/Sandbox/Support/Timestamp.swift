import Glibc

/// Milliseconds since 1970 in the spellings of the two platforms, always UTC.
enum Timestamp {
    /// `Fri, 20 Nov 2026 10:02:41 +0000` (RFC 2822), Twilio's.
    static func mail(_ milliseconds: Int64) -> String {
        format(milliseconds, "%a, %d %b %Y %H:%M:%S +0000")
    }

    /// `2611201003`, Twilio's RawDlrDoneDate.
    static func delivery(_ milliseconds: Int64) -> String {
        format(milliseconds, "%y%m%d%H%M")
    }

    /// `2026-11-20`.
    static func day(_ milliseconds: Int64) -> String {
        format(milliseconds, "%Y-%m-%d")
    }

    /// `2026-11-20T10:02:41Z`, Shopify's, in whole seconds.
    static func seconds(_ milliseconds: Int64) -> String {
        format(milliseconds, "%Y-%m-%dT%H:%M:%SZ")
    }

    /// `2026-11-20T10:02:41.120Z`, as in X-Shopify-Triggered-At.
    static func milliseconds(_ milliseconds: Int64) -> String {
        let rest = String(1000 + milliseconds % 1000).dropFirst()
        return format(milliseconds, "%Y-%m-%dT%H:%M:%S.") + rest + "Z"
    }

    /// The process never sets a locale, so names of days and months are English.
    private static func format(_ milliseconds: Int64, _ pattern: String) -> String {
        var seconds = time_t(milliseconds / 1000)
        var fields = tm()
        gmtime_r(&seconds, &fields)
        let bytes = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, 64, pattern, &fields) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
