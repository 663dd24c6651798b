import Synchronization

/// A condition that stays true once it was: asked until then, remembered afterwards, so that a hot path may ask often.
final class Latch: Sendable {
    private let wasTrue = Atomic(false)
    private let condition: @Sendable () -> Bool

    init(_ condition: @escaping @Sendable () -> Bool) {
        self.condition = condition
    }

    @Sendable func isSet() -> Bool {
        if wasTrue.load(ordering: .acquiring) { return true }
        let isTrue = condition()
        if isTrue { wasTrue.store(true, ordering: .releasing) }
        return isTrue
    }
}
