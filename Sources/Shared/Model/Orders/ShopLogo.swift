import FoundationEssentials

/// A shop's logo as its settings hold it: a small picture of a kind that can hold no script.
public struct ShopLogo: Codable, Equatable, Sendable {
    /// One of ``types``.
    public var type: String
    /// Base64 (RFC 4648 §4).
    public var data: String

    public static let types = ["image/png", "image/jpeg", "image/webp"]
    /// Of the decoded picture.
    public static let mostBytes = 10 << 10

    public init(type: String, data: String) {
        self.type = type
        self.data = data
    }

    /// The picture; nil where `data` is not base64.
    public var bytes: [UInt8]? { Data(base64Encoded: data).map { [UInt8]($0) } }

    /// What is wrong with it; nil when it can be shown.
    public var problem: String? {
        guard Self.types.contains(type) else {
            return "settings.logo.type: must be one of \(Self.types.joined(separator: ", "))"
        }
        guard data.utf8.count <= Self.mostBytes * 4 / 3 + 4, let bytes, bytes.count <= Self.mostBytes else {
            return "settings.logo.data: must be base64 of at most \(Self.mostBytes) bytes"
        }
        guard Self.type(of: bytes) == type else { return "settings.logo.data: is not \(type)" }
        return nil
    }

    /// By how it begins: PNG (ISO 15948 §5.2), JPEG (ITU T.81, SOI and a marker), WebP (RFC 9649 §2.4).
    private static func type(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "image/webp" }
        return nil
    }
}
