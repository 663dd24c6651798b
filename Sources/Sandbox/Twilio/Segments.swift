/// How many parts a text takes: GSM 03.38 with 160 characters alone and 153 in parts, or UCS-2 with 70 and 67. Neither an
/// escape pair nor a surrogate pair is split (github.com/TwilioDevEd/message-segment-calculator).
enum Segments {
    static func count(of text: String) -> Int {
        let sizes = text.unicodeScalars.map { gsmSize($0) }
        if sizes.allSatisfy({ $0 != nil }) {
            return parts(sizes.compactMap { $0 }, alone: 160, each: 153)
        }
        return parts(text.unicodeScalars.map { $0.value > 0xFFFF ? 2 : 1 }, alone: 70, each: 67)
    }

    private static func parts(_ sizes: [Int], alone: Int, each: Int) -> Int {
        let total = sizes.reduce(0, +)
        if total <= alone { return total == 0 ? 0 : 1 }
        var (count, used) = (1, 0)
        for size in sizes {
            if used + size > each {
                count += 1
                used = 0
            }
            used += size
        }
        return count
    }

    private static func gsmSize(_ scalar: Unicode.Scalar) -> Int? {
        basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : nil
    }

    private static let basic = Set(
        ("\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
            + "¡£¤¥§¿ÄÅÆÉÑÖØÜßàäåæÇèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ").unicodeScalars)
    private static let extended = Set("\u{0C}[\\]^{|}~€".unicodeScalars)
}
