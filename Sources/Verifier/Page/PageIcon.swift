/// The drawing above how it ended: of no meaning that the words don't have.
enum PageIcon {
    static func of(_ word: PageWord) -> Markup {
        "<svg viewBox=\"0 0 48 48\" aria-hidden=\"true\">\(shape(word))</svg>\n"
    }

    private static func shape(_ word: PageWord) -> Markup {
        let circle: Markup = "<circle cx=\"24\" cy=\"24\" r=\"21\"/>"
        switch word {
        case .verified, .already, .released: return "\(circle)<path d=\"m15 24.5 6.5 6.5L34 18\"/>"
        case .expired: return "\(circle)<path d=\"M24 13v11l7 5\"/>"
        case .cancelled: return "\(circle)<path d=\"m17 17 14 14m0-14L17 31\"/>"
        case .undeliverable:
            return "<rect x=\"14\" y=\"5\" width=\"20\" height=\"38\" rx=\"4\"/><path d=\"M22 37h4M6 8l36 32\"/>"
        case .unknown:
            return "<path d=\"m20 28 8-8m-10-1-5 5a7 7 0 0 0 10 10l3-3m4-2 5-5a7 7 0 0 0-10-10l-3 3M12 12l24 24\"/>"
        default: return "\(circle)<path d=\"M24 14v13m0 6v.5\"/>"
        }
    }
}
