import FoundationEssentials

/// base64url without padding (RFC 4648 §5, RFC 7515 §2).
public enum Base64URL {
    public static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Nil for anything but what `encode` makes: its own alphabet, and no bits that mean nothing.
    public static func decode(_ text: Substring) -> [UInt8]? {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard isPlain, text.utf8.count % 4 != 1 else { return nil }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let bytes = Data(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding)
        return bytes.map(Array.init).flatMap { encode($0) == text ? $0 : nil }
    }
}
