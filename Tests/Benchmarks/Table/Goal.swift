import Foundation

/// What a figure should be: at least, for a ratio or a pace; at most, for a time or a size.
struct Goal {
    enum Verdict: String {
        case stretch
        case reached
        case missed
    }

    let reach: Double
    let stretch: Double
    let isAtMost: Bool
    let unit: String

    static func atLeast(_ reach: Double, _ stretch: Double, _ unit: String = "") -> Goal {
        Goal(reach: reach, stretch: stretch, isAtMost: false, unit: unit)
    }

    static func atMost(_ reach: Double, _ stretch: Double, _ unit: String) -> Goal {
        Goal(reach: reach, stretch: stretch, isAtMost: true, unit: unit)
    }

    /// What is not a number reaches nothing.
    func verdict(_ value: Double) -> Verdict {
        func keeps(_ bound: Double) -> Bool { isAtMost ? value <= bound : value >= bound }
        return keeps(stretch) ? .stretch : keeps(reach) ? .reached : .missed
    }

    func shown(_ value: Double) -> String { Self.number(value) + (unit.isEmpty ? "" : " " + unit) }

    func shownBound(_ bound: Double) -> String { (isAtMost ? "≤ " : "≥ ") + shown(bound) }

    /// Three digits are all that a noisy machine can tell.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let size = abs(value)
        if size >= 10_000 { return String(format: "%.1fk", value / 1_000) }
        let digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : 3
        return String(format: "%.\(digits)f", value)
    }
}
