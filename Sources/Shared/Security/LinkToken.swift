import FoundationEssentials

/// What stands in the shopper's link and nowhere else: a UUID version 8 whose first 12 bytes carry 90 bits of a MAC and
/// whose last 4 are the tag over them. Made and accepted by ``IdentityKey`` only; prints masked.
public struct LinkToken: Masked, Hashable, Sendable {
    private let uuid: UUID

    init(_ uuid: UUID) {
        self.uuid = uuid
    }

    /// 36 characters, lower case.
    public var text: String { uuid.uuidString.lowercased() }

    /// The public name of the verification, on topics, in callbacks and logs: UUID version 8 from SHA-256 of the
    /// token's 16 bytes. The token can't be computed from it.
    public var verificationId: UUID { DeterministicID.uuid(of: uuid.bytes) }
}
