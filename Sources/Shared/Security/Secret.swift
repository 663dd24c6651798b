/// Bytes that must not be seen: keys, tokens, passwords. Prints as `•••` wherever it ends up, is not Codable, and two
/// are compared in constant time.
public struct Secret: Masked, Equatable, Sendable {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The UTF-8 bytes of `text`.
    public init(text: String) {
        self.bytes = Array(text.utf8)
    }

    /// The bytes read as UTF-8, for secrets that travel as text (a bearer token in a header).
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public static func == (a: Secret, b: Secret) -> Bool {
        constantTimeEquals(a.bytes, b.bytes)
    }
}
