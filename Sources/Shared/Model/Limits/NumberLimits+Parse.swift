extension NumberLimits {
    private static var names: [(name: String, field: WritableKeyPath<NumberLimits, Int>)] {
        [
            ("phoneShopDay", \.phoneShopDay), ("phoneShopMonth", \.phoneShopMonth), ("phoneDay", \.phoneDay),
            ("phoneMonth", \.phoneMonth), ("shopRangeHour", \.shopRangeHour), ("rangeUnverified", \.rangeUnverified),
            ("rangeVerifiedPercent", \.rangeVerifiedPercent),
        ]
    }

    /// What an operator wants otherwise: `name=number` by comma, for example `phoneDay=20,rangeUnverified=40`.
    ///
    /// - Returns: the limits, or in words what is wrong. 1 to 1000 each, the percentage 0 (no block) to 100.
    public static func parse(_ text: String) -> Result<NumberLimits, Problem> {
        var limits = NumberLimits()
        for entry in text.split(separator: ",") {
            let halves = entry.split(separator: "=", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
            guard halves.count == 2, let known = names.first(where: { $0.name == halves[0] }) else {
                return .failure(Problem(reason: "must be name=number by comma"))
            }
            let allowed = known.field == \.rangeVerifiedPercent ? 0...100 : 1...1000
            guard let value = Int(halves[1]), allowed.contains(value) else {
                return .failure(Problem(reason: "\(known.name) must be \(allowed.lowerBound) to \(allowed.upperBound)"))
            }
            limits[keyPath: known.field] = value
        }
        return .success(limits)
    }

    public struct Problem: Error, Equatable, Sendable {
        public let reason: String
    }
}
