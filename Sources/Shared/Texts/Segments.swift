/// What a text costs: in GSM-7 (GSM 03.38) 160 septets alone and 153 in each part, else in UCS-2 70 and 67 UTF-16
/// units. Neither an escape pair nor a surrogate pair is split over two parts
/// (github.com/TwilioDevEd/message-segment-calculator).
public struct Segments: Equatable, Sendable {
    public enum Encoding: String, Equatable, Sendable {
        case gsm7 = "GSM-7"
        case ucs2 = "UCS-2"
    }

    public let encoding: Encoding
    /// Septets, or UTF-16 units.
    public let units: Int
    public let count: Int

    public init(of text: String) {
        let septets = text.unicodeScalars.map(Self.septets)
        if septets.allSatisfy({ $0 != nil }) {
            self.init(.gsm7, septets.compactMap { $0 }, alone: 160, each: 153)
        } else {
            self.init(.ucs2, text.unicodeScalars.map { $0.value > 0xFFFF ? 2 : 1 }, alone: 70, each: 67)
        }
    }

    private init(_ encoding: Encoding, _ sizes: [Int], alone: Int, each: Int) {
        self.encoding = encoding
        units = sizes.reduce(0, +)
        guard units > alone else {
            count = units == 0 ? 0 : 1
            return
        }
        var (parts, used) = (1, 0)
        for size in sizes {
            if used + size > each {
                parts += 1
                used = 0
            }
            used += size
        }
        count = parts
    }

    /// Nil for what GSM-7 does not have.
    private static func septets(_ scalar: Unicode.Scalar) -> Int? {
        basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : nil
    }

    private static let basic = Set(
        ("\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
            + "¡£¤¥§¿ÄÅÆÉÑÖØÜßàäåæÇèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ").unicodeScalars)
    private static let extended = Set("\u{0C}[\\]^{|}~€".unicodeScalars)
}
