extension Duration {
    /// Whole milliseconds; what is left over is cut.
    public var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// Whole milliseconds, rounded up: a wait is never shorter than it was asked to be.
    public var millisecondsRoundedUp: Int64 {
        let (whole, rest) = components.attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
        return components.seconds * 1000 + whole + (rest > 0 ? 1 : 0)
    }

    /// Whole nanoseconds; what is left over is cut, and what Int64 can't hold is the most it can.
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let all = whole.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !whole.overflow, !all.overflow else { return seconds < 0 ? .min : .max }
        return all.partialValue
    }

    /// Seconds and their fraction.
    public var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
