import Base

/// The header `Retry-After` (RFC 9110 §10.2.3): seconds, or a date.
enum RetryAfter {
    /// How long to wait from `now` (ms since 1970), never negative, at most a day. Nil when absent or unreadable.
    static func parse(_ text: String?, now: Int64) -> Duration? {
        guard let text else { return nil }
        if let seconds = Double(text), seconds.isFinite, seconds >= 0 {
            return .milliseconds(Int64((min(seconds, 86_400) * 1000).rounded(.up)))
        }
        guard let date = MailDate.milliseconds(text) else { return nil }
        return .milliseconds(min(max(date - now, 0), 86_400_000))
    }
}
