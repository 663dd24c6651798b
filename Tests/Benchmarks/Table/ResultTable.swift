/// The table that is printed in the end: Markdown, fit for docs/PERFORMANCE.md.
enum ResultTable {
    private static let head = ["figure", "median (spread)", "reach", "stretch", "", "behind it", "load (1 min)"]

    static func text(_ rows: [RowResult]) -> String {
        let lines = [head, head.map { _ in "---" }] + rows.map(cells)
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    static func cells(_ row: RowResult) -> [String] {
        let bounds = row.goal.map { [$0.shownBound($0.reach), $0.shownBound($0.stretch)] } ?? ["", ""]
        let load = row.load.split(separator: " ").first.map(String.init) ?? "–"
        switch row.content {
        case .missing(let reason): return [row.figure, "–"] + bounds + ["not measured", "missing: \(reason)", load]
        case .measured(let values, let behind):
            let middle = values.median
            let shown = row.goal?.shown(middle) ?? Goal.number(middle)
            let spread = [values.min() ?? .nan, values.max() ?? .nan].map(Goal.number).joined(separator: "–")
            let verdict = row.goal?.verdict(middle).rawValue ?? ""
            return [row.figure, values.count > 1 ? "\(shown) (\(spread))" : shown] + bounds + [verdict, behind, load]
        }
    }
}
