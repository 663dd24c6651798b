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
    ///
    /// - Parameter allowed: what a shop tries all the same; fixed lines and internet telephony only.
    public func isRefused(allowing allowed: Set<NumberType>) -> Bool {
        switch self {
        case .mobile, .fixedLineOrMobile: false
        case .fixedLine, .voip: !allowed.contains(self)
        case .premium, .tollFree, .shared, .personal, .pager, .uan, .voicemail: true
        }
    }
}
