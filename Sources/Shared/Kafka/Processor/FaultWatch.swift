import Base
import CSystem

/// Is told when a thread that works on a message ends the process by its own doing, and lets it be written down before
/// the process ends: a trap, a bad access, an abort. Whatever comes from outside (SIGKILL, SIGTERM) is no message's
/// fault and is not seen here.
public enum FaultWatch {
    private struct State {
        var next: Int64 = 0
        var notes: [Int64: @Sendable (_ signal: Int32) -> Void] = [:]
        var isRunning = false
    }

    private static let state = Monitor(State())

    /// For a daemon's process; once.
    public static func start() {
        let isFirst = state.update { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { return }
        guard otp_fault_install() == 0 else { fatalError("faults can't be watched") }
        OwnedThread.start("fault watch") {
            var fault = otp_fault()
            while otp_fault_await(&fault) == 0 {
                state.read { $0.notes[fault.place] }?(fault.number)
                otp_fault_noted()
            }
        }
    }

    /// - Returns: the number that threads work under; to be given back.
    static func add(_ note: @escaping @Sendable (_ signal: Int32) -> Void) -> Int64 {
        state.update { state in
            defer { state.next += 1 }
            state.notes[state.next] = note
            return state.next
        }
    }

    static func remove(_ place: Int64) { state.update { $0.notes[place] = nil } }

    /// Whatever the calling thread does in `body` is done under that number.
    static func work<R, E>(under place: Int64, _ body: () throws(E) -> R) throws(E) -> R {
        otp_fault_enter(place)
        defer { otp_fault_leave() }
        return try body()
    }
}
