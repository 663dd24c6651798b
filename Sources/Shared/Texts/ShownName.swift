/// What shoppers are shown of names that merchants write: enough to know shop and order by, and nothing that could be
/// called, opened or read as a message.
public enum ShownName {
    private static let longestOrder = 20
    private static let mostDigits = 8

    /// Of an order's name its last run of letters, digits, `#`, `_` and `-` of ASCII (invisible marks gone, dashes
    /// plain): `Order #1001` is `#1001`. It has one run of digits (the longest, then the last) and of that its last
    /// eight; may be empty.
    public static func order(_ name: String) -> String {
        let runs = LinkLike.shown(name).utf8.split { !isOrder($0) }
        guard let last = runs.last.map(Array.init) else { return "" }
        let numbers = last.indices.split { !isDigit(last[$0]) }
        guard let number = numbers.max(by: { $0.count <= $1.count }) else { return text(last.suffix(longestOrder)) }
        let before = last[..<number.startIndex].reversed().prefix { !isDigit($0) }.reversed()
        let behind = last[number.endIndex...].prefix { !isDigit($0) }
        let isAlone = numbers.count == 1
        let kept = Array(before) + last[number].suffix(mostDigits) + behind
        // Of several numbers one is left: so what joined it to the others goes.
        return text(isAlone ? kept.suffix(longestOrder) : trimmed(kept).suffix(longestOrder))
    }

    /// Of a shop's name what is no link (``LinkLike``) and no number that could be called; may be empty.
    static func shop(_ name: String, limit: Int) -> String {
        LinkLike.withoutNumbers(LinkLike.stripped(name, limit: limit))
    }

    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let isJoint: (UInt8) -> Bool = { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        let front = bytes.drop(while: isJoint)
        return front.prefix(upTo: front.lastIndex { !isJoint($0) }.map { $0 + 1 } ?? front.startIndex)
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isOrder(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "#"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
