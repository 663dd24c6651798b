/// Every problem of a key ring's text at once. Names entries by their place or their valid id, never by their content.
public struct KeyringError: Error, Equatable, Sendable, CustomStringConvertible {
    public let problems: [String]

    public var description: String { problems.joined(separator: "; ") }
}
