/// Which providers, by name, had to do with a text.
public struct SendRoute: Codable, Equatable, Sendable {
    /// Has the text, or may have it; nil where nobody knows which one.
    public var provider: String?
    /// Took the text and reported nothing of it in time, or that it was not delivered: it goes out once more.
    public var passedOver: String?
    /// By whom, after a report of no delivery; nil is by another.
    public var again: Repetition?

    public init(provider: String? = nil, passedOver: String? = nil, again: Repetition? = nil) {
        self.provider = provider
        self.passedOver = passedOver
        self.again = again
    }
}
