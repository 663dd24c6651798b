import Base

/// A shop's budget of query points: refills by the second (shopify.dev, "Rate limits"). The figures are a Standard
/// shop's as they stand in answers.
struct CostBucket: Sendable, Equatable {
    static let size = 2000.0
    static let restoreRate = 100.0

    private(set) var available = CostBucket.size
    private var at: Int64

    init(now: Int64) {
        at = now
    }

    /// Takes the points if there are enough.
    mutating func take(_ cost: Double, now: Int64) -> Bool {
        available = min(Self.size, available + Double(max(now - at, 0)) / 1000 * Self.restoreRate)
        at = now
        guard cost <= available else { return false }
        available -= cost
        return true
    }

    /// The `cost` of an answer's extensions; a throttled one has no actual cost.
    func extensions(requested: Double, isThrottled: Bool) -> JSONTree {
        let shown = isThrottled ? min(available, requested / 2) : available
        return [
            "cost": [
                "requestedQueryCost": .number(requested), "actualQueryCost": isThrottled ? .null : .number(requested),
                "throttleStatus": [
                    "maximumAvailable": .number(Self.size), "currentlyAvailable": .number(shown.rounded(.down)),
                    "restoreRate": .number(Self.restoreRate),
                ],
            ]
        ]
    }
}
