import Glibc

/// Points in time as text, always UTC. The process never sets a locale, so names of days and months are English.
public enum UTCText {
    /// - Parameters:
    ///   - milliseconds: since 1970; what is left over of a second is cut.
    ///   - pattern: `strftime`'s, for a text of at most 63 bytes.
    public static func format(_ milliseconds: Int64, _ pattern: String) -> String {
        var seconds = time_t(parts(milliseconds).seconds)
        var fields = tm()
        gmtime_r(&seconds, &fields)
        return String(unsafeUninitializedCapacity: 64) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, $0.count, pattern, &fields) }
        }
    }

    /// Whole seconds, and 0 to 999 milliseconds after them.
    static func parts(_ milliseconds: Int64) -> (seconds: Int64, rest: Int64) {
        let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        return remainder < 0 ? (quotient - 1, remainder + 1000) : (quotient, remainder)
    }
}
