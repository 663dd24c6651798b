/// Which providers, by name, had to do with a text.
public struct SendRoute: Codable, Equatable, Sendable {
    /// Has the text, or may have it; nil where nobody knows which one.
    public var provider: String?
    /// Took the text and reported nothing of it in time, so that it goes out once more by another.
    public var passedOver: String?

    public init(provider: String? = nil, passedOver: String? = nil) {
        self.provider = provider
        self.passedOver = passedOver
    }
}
