import FoundationEssentials

/// Ids that are the same whenever they are made of the same input, so that a repeated message is recognised.
public enum DeterministicID {
    /// UUID version 8 (RFC 9562) of the first 122 bits of SHA-256 of the text's UTF-8.
    public static func uuid(_ text: String) -> UUID {
        uuid(of: Array(text.utf8))
    }

    static func uuid(of bytes: [UInt8]) -> UUID {
        UUID(versionEight: Digest.sha256(bytes))
    }
}

extension UUID {
    /// The first 16 of `bytes` with version 8 and variant 10 written over their six bits.
    init(versionEight bytes: [UInt8]) {
        self.init(
            uuid: (
                bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5],
                bytes[6] & 0x0f | 0x80, bytes[7], bytes[8] & 0x3f | 0x80, bytes[9],
                bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
            ))
    }

    /// Its 16 bytes in the order of its text.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: uuid) { Array($0) }
    }
}
