extension Unicode.Scalar {
    /// Whether a terminal shows it as itself: nothing that could move the cursor, hide text or turn it round.
    public var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
