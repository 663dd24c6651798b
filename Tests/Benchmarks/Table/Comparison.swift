/// Two sides measured in turns A-B-B-A, so that what the machine does meanwhile hits both alike.
struct Comparison {
    /// A round's two figures of each side.
    struct Round {
        let ours: [Double]
        let theirs: [Double]

        var ratio: Double { ours.reduce(0, +) / theirs.reduce(0, +) * Double(theirs.count) / Double(ours.count) }
    }

    private(set) var rounds: [Round] = []

    /// Each closure makes one turn and returns its figure.
    init(rounds count: Int, ours: () throws -> Double, theirs: () throws -> Double) rethrows {
        for _ in 0..<count {
            let first = try ours()
            let others = [try theirs(), try theirs()]
            rounds.append(Round(ours: [first, try ours()], theirs: others))
        }
    }

    /// One a round.
    var ratios: [Double] { rounds.map(\.ratio) }
    var ours: Double { rounds.flatMap(\.ours).median }
    var theirs: Double { rounds.flatMap(\.theirs).median }
}
