/// A circuit breaker: pure, `now` in milliseconds since 1970.
///
/// Closed until something is wrong; then nobody may ask before its time, and after it one question alone: its answer
/// closes or opens it again (half-open; Nygard, Release It!, "Circuit Breaker").
struct Breaker: Equatable, Sendable {
    enum State: Equatable, Sendable {
        case closed
        case open(until: Int64)
        /// One question is under way.
        case probing
    }

    /// So many passing failures one after the other open it.
    static let tolerated = 5
    static let firstPauseMs: Int64 = 5_000
    static let longestPauseMs: Int64 = 60_000

    private(set) var state = State.closed
    /// Whether it is our account or its configuration that has to be repaired.
    private(set) var needsRepair = false
    private var failures = 0

    /// Nil when the question may be asked; it must then end in one of the calls below. Otherwise when to come back.
    mutating func ask(now: Int64) -> Int64? {
        switch state {
        case .closed: return nil
        case .open(let until) where until > now: return until
        case .open:
            state = .probing
            return nil
        case .probing: return now + 1_000
        }
    }

    /// The provider did its work, whatever it said of the number.
    mutating func answered() {
        self = Breaker()
    }

    /// Nothing was asked after all.
    mutating func unasked(now: Int64) {
        if state == .probing { state = .open(until: now) }
    }

    /// A passing failure.
    mutating func failed(now: Int64) {
        failures += 1
        guard state != .closed || failures >= Self.tolerated else { return }
        let doublings = Int64(min(max(failures - Self.tolerated, 0), 10))
        open(until: now + min(Self.firstPauseMs << doublings, Self.longestPauseMs))
    }

    /// It asked to be left alone for a while.
    mutating func pause(until: Int64) {
        open(until: until)
    }

    /// Nothing will work before somebody has repaired something; asked again at that time.
    mutating func refused(until: Int64) {
        needsRepair = true
        open(until: until)
    }

    /// Never earlier than it was told before: of many answers under way one may come late.
    private mutating func open(until: Int64) {
        if case .open(let known) = state, known > until { return }
        state = .open(until: until)
    }
}
