/// One text's way through its providers, in their order, as far as their gates let it.
struct ProviderWalk {
    enum Step {
        /// Who is given says how it ended: to its gate, by `note` or `unasked`.
        case granted(GatedProvider)
        /// Not now. Of gates that are shut the first one to open counts.
        case held(until: Int64)
        /// It has its place in this provider's schedule.
        case placed(at: Int64, by: String)
        /// There is no other provider.
        case over
    }

    let destination: String
    /// When the first of the gates opens that were found shut.
    private(set) var earliest: Int64?
    private var rest: ArraySlice<GatedProvider>
    private let placedBy: String?
    private var passed: [GatedProvider] = []

    /// - Parameter placedBy: who gave it a place in the schedule; those before are not asked again.
    init(_ providers: [GatedProvider], destination: String, placedBy: String?) {
        let start = providers.firstIndex { $0.name == placedBy } ?? providers.startIndex
        rest = providers[start...]
        self.destination = destination
        self.placedBy = placedBy
    }

    mutating func next() -> Step {
        while let provider = rest.popFirst() {
            switch provider.gate.ask(destination, isPlaced: provider.name == placedBy) {
            case .granted:
                for skipped in passed { skipped.metrics.failovers.add() }
                passed = [provider]
                return .granted(provider)
            case .shut(let until):
                earliest = min(earliest ?? until, until)
                passed.append(provider)
            // Neither is trouble of the provider's.
            case .crowded(let until): return .held(until: until)
            case .placed(let at): return .placed(at: at, by: provider.name)
            }
        }
        return earliest.map { .held(until: $0) } ?? .over
    }
}
