import Base

/// One event as one line of `key=value` pairs. Whatever the values hold, the line stays one line of printable text:
/// control characters, line separators and characters that reorder text are written as escapes.
enum Logfmt {
    /// Longer values are cut here: a log line is for people.
    static let longestValue = 1024

    static func key(_ text: String) -> String {
        let safe = text.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-": Character(scalar)
            default: "_"
            }
        }
        return safe.isEmpty ? "_" : String(safe)
    }

    static func value(_ text: String) -> String {
        let isBare =
            !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x3d && $0 != 0x5c }
        return isBare ? text : quoted(text)
    }

    static func quoted(_ text: String) -> String {
        var line = "\""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < longestValue else {
                line += "…"
                break
            }
            count += 1
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            default:
                if scalar.isPrintable {
                    line.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16)
                    line += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
                }
            }
        }
        return line + "\""
    }
}
