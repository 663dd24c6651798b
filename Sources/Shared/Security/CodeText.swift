/// A one-time code in the clear, on its way into a text message. Prints masked, is not Codable.
public struct CodeText: Masked, Sendable {
    public let digits: String

    public init(digits: String) {
        self.digits = digits
    }
}
