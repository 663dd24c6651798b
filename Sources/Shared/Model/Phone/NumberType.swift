/// What a number is for, by its country's plan (libphonenumber's types).
public enum NumberType: String, Sendable, CaseIterable {
    case mobile
    case fixedLine = "fixed_line"
    /// The plan does not tell them apart: all of North America, for one.
    case fixedLineOrMobile = "fixed_line_or_mobile"
    case voip
    case premium = "premium_rate"
    case tollFree = "toll_free"
    case shared = "shared_cost"
    case personal = "personal_number"
    case pager
    case uan
    case voicemail

    /// Whether it gets no codes: a text there costs somebody a premium, or nobody reads it.
    public var isRefused: Bool {
        switch self {
        case .mobile, .fixedLineOrMobile, .fixedLine, .voip: false
        case .premium, .tollFree, .shared, .personal, .pager, .uan, .voicemail: true
        }
    }

    /// The refused kind of a number in E.164 form; nil for all others.
    public static func refused(_ e164: String) -> NumberType? {
        PhoneNumber(e164: e164).flatMap { $0.type.isRefused ? $0.type : nil }
    }
}
