import FoundationEssentials

/// The name of one verification: a UUID (version 8) taken from the hash of its link token.
///
/// It stands on topics, in callbacks and in logs; the link token it comes from stands in none of them. Written in
/// lower case everywhere.
public struct VerificationID: Hashable, Sendable, CustomStringConvertible {
    public let uuid: UUID

    public init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// Nil when the text is not a UUID.
    public init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    public var text: String { uuid.uuidString.lowercased() }

    public var description: String { text }
}

extension VerificationID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = VerificationID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a verification id")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
