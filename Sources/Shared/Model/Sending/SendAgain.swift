/// By whom a text that was reported as not delivered may go out once more.
public enum Repetition: String, Codable, Sendable {
    /// By another provider, or by the same one where there is no other.
    case anybody
    /// By another provider alone: the reason lies with the first one, with its sender or the text's way there.
    case another
}

/// A text that was reported as not delivered goes out once more: `again` on `otp.requests`.
public struct SendAgain: Codable, Equatable, Sendable {
    /// The text as it was asked for, with the person, whom its ended job has forgotten.
    public var request: SendRequest
    public var by: Repetition

    public init(_ request: SendRequest, by: Repetition) {
        self.request = request
        self.by = by
    }

    public var isPlausible: Bool { request.isPlausible }
}
