import FoundationEssentials

/// The keys verifications and shops were opened with, by id; the first of the list is the current one. From each 32
/// bytes three independent keys are derived with HKDF-SHA256: for codes, as pepper, for wrapping data keys.
public struct Keyring: Sendable {
    public struct Key: Sendable {
        /// 1–32 of `a-z0-9-`; stands in records, so it must not change.
        public let id: String
        public let code: Secret
        public let pepper: Secret
        public let wrapping: Secret

        init(id: String, bytes: [UInt8]) {
            self.id = id
            self.code = Secret(Digest.hkdfSHA256(key: bytes, info: "otp-guard/code/v1"))
            self.pepper = Secret(Digest.hkdfSHA256(key: bytes, info: "otp-guard/pepper/v1"))
            self.wrapping = Secret(Digest.hkdfSHA256(key: bytes, info: "otp-guard/wrap/v1"))
        }
    }

    public let current: Key
    public let all: [Key]

    public subscript(id: String) -> Key? {
        all.first { $0.id == id }
    }

    /// `id:base64,id:base64,…` with 32 bytes each; blanks and line ends around an entry are ignored.
    public init(parsing text: String) throws(KeyringError) {
        var problems: [String] = []
        var keys: [Key] = []
        var materials: [(name: String, bytes: [UInt8])] = []
        var ids: Set<String> = []
        for (index, entry) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let parts = entry.trimmed.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                problems.append("entry \(index + 1) is not id:base64")
                continue
            }
            let id = String(parts[0])
            let isValid = Self.isValid(id: id)
            let name = isValid ? "key \(id)" : "entry \(index + 1)"
            if !isValid { problems.append("\(name): the id must be 1 to 32 of a-z, 0-9 and -") }
            if isValid, !ids.insert(id).inserted { problems.append("\(name): the id stands twice") }
            // Foundation takes surplus padding; the text must be the one encoding of its bytes.
            guard let data = Data(base64Encoded: String(parts[1])), data.count == 32,
                data.base64EncodedString() == parts[1]
            else {
                problems.append("\(name): not base64 of 32 bytes")
                continue
            }
            let bytes = [UInt8](data)
            if let same = materials.first(where: { constantTimeEquals($0.bytes, bytes) }), same.name != name {
                problems.append("\(name): the same bytes as \(same.name)")
            }
            materials.append((name, bytes))
            keys.append(Key(id: id, bytes: bytes))
        }
        guard problems.isEmpty, let first = keys.first else {
            throw KeyringError(problems: problems.isEmpty ? ["no key"] : problems)
        }
        current = first
        all = keys
    }

    private static func isValid(id: String) -> Bool {
        (1...32).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
