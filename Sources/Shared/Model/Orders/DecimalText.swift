/// A non-negative decimal amount as a platform writes it (`1899.00`), compared exactly: money is never a binary
/// fraction here.
struct DecimalText: Comparable {
    /// Without zeros in front.
    private let whole: [UInt8]
    /// Without zeros at the end.
    private let fraction: [UInt8]

    /// Nil for what is not digits with at most one dot between them, or longer than any amount is.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), text.utf8.count <= 40,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let zero = UInt8(ascii: "0")
        whole = Array(parts[0].drop { $0 == zero })
        let decimals = parts.count == 2 ? Array(parts[1]) : []
        fraction = Array(decimals.prefix((decimals.lastIndex { $0 != zero } ?? -1) + 1))
    }

    static func < (left: DecimalText, right: DecimalText) -> Bool {
        if left.whole.count != right.whole.count { return left.whole.count < right.whole.count }
        if left.whole != right.whole { return left.whole.lexicographicallyPrecedes(right.whole) }
        return left.fraction.lexicographicallyPrecedes(right.fraction)
    }
}
