import Base
import FoundationEssentials

/// Bytes of unknown making, for a terminal: nothing that could move the cursor or hide text gets through.
enum DeadText {
    /// Text as it is where all of it can be printed, else `base64:` and its bytes.
    static func shown(_ bytes: [UInt8]) -> String {
        plain(bytes, allowing: []) ?? "base64:\(Data(bytes).base64EncodedString())"
    }

    /// Text that can be printed, line ends and tabs among it; nil for anything else.
    static func page(_ bytes: [UInt8]) -> String? { plain(bytes, allowing: ["\n", "\r\n", "\t"]) }

    static func quoted(_ text: String) -> String { "\"\(shown(Array(text.utf8)))\"" }

    private static func plain(_ bytes: [UInt8], allowing allowed: Set<Character>) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let isPlain = text.allSatisfy { character in
            allowed.contains(character) || character.unicodeScalars.allSatisfy(\.isPrintable)
        }
        return isPlain ? text : nil
    }
}
