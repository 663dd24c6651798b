import Security

/// How long one bcrypt hash takes on one core by itself: the best of several, so that what else the machine does is not
/// in it.
enum HashTime {
    static func milliseconds(cost: Int) throws -> Double {
        var best = Double.infinity
        for _ in 0..<(cost >= 10 ? 12 : 200) {
            let began = Wall.now()
            _ = try Bcrypt.hash([1, 2, 3], cost: cost)
            best = min(best, Wall.now() - began)
        }
        return best
    }
}
