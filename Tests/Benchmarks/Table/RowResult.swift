/// One line of the table: measured, or why not.
struct RowResult {
    enum Content {
        /// One value a round; the medians behind it, and under which circumstances (bcrypt cost, delivery).
        case measured([Double], behind: String)
        case missing(String)
    }

    let figure: String
    /// Nil: shown beside others, without a goal of its own.
    let goal: Goal?
    let content: Content
    let load: String

    /// Not measured although everything was there.
    var hasFailed: Bool {
        if case .missing(let reason) = content { return reason.hasPrefix("failed") }
        return false
    }

    init(_ figure: String, _ goal: Goal?, _ values: [Double], behind: String, load: String = Machine.load) {
        self.figure = figure
        self.goal = goal
        content = .measured(values, behind: behind)
        self.load = load
    }

    /// A peer that can't be found, or a row that can't be measured here.
    init(_ figure: String, _ goal: Goal?, missing reason: String) {
        self.figure = figure
        self.goal = goal
        content = .missing(reason)
        load = Machine.load
    }

    init(_ figure: String, _ goal: Goal?, _ comparison: Comparison, _ peer: String, _ unit: String, _ note: String) {
        let behind =
            "\(Goal.number(comparison.ours)) ÷ \(peer) \(Goal.number(comparison.theirs)) \(unit)"
            + (note.isEmpty ? "" : "; \(note)")
        self.init(figure, goal, comparison.ratios, behind: behind)
    }
}
