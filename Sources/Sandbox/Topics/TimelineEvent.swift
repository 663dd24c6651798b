/// One thing that happened to an order, from whichever source.
struct TimelineEvent: Sendable, Codable, Equatable {
    /// Milliseconds since 1970, by the clock of whoever wrote it down.
    var at: Int64
    /// A topic (`otp.attempts`), `shop`, `twilio`.
    var source: String
    /// `opened`, `text.sent`, `guess`, `outcome.verified`, `tags.added`…
    var kind: String
    var text: String
}
