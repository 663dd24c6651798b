import Glibc
import Synchronization

/// Places where a daemon can be told to die, so that a test knows which step was the last one.
///
/// `OTP_CRASH_AT=desk.decided:3` sends SIGKILL to the process itself when that point is reached for the third time.
/// Only in debug builds: in a release build `reached` is empty and the variable means nothing.
public enum CrashPoint: String, CaseIterable, Sendable {
    /// Ingest's door: the webhook is in the log, its sender does not know yet.
    case ingestAcknowledged = "ingest.acknowledged"
    /// A desk has decided; nothing of it is written.
    case deskDecided = "desk.decided"
    /// Exactly-once: outputs and offset are in the open transaction.
    case deskProduced = "desk.produced"
    /// At-least-once: a stage is acknowledged, those after it are not written.
    case deskOpened = "desk.opened"
    case deskEffected = "desk.effected"
    case deskStated = "desk.stated"
    /// The decision is durable (at-least-once: but for its offset); nothing has followed from it.
    case deskCommitted = "desk.committed"
    /// Sender: the intent is committed, the provider has not been asked.
    case senderIntended = "sender.intended"
    /// Sender: the provider has answered, the log does not know.
    case senderPosted = "sender.posted"
    /// Sender: the result is in the log, its owner has not decided on it.
    case senderReported = "sender.reported"
    /// Reaper, after each change at the shop.
    case reaperTagged = "reaper.tagged"
    case reaperNoted = "reaper.noted"
    case reaperCancelled = "reaper.cancelled"
    /// Reaper: everything is done at the shop, nobody has been told.
    case reaperDone = "reaper.done"
    /// Verifier's door: the question is in the log.
    case verifierAsked = "verifier.asked"

    public static let variable = "OTP_CRASH_AT"

    /// Dies here if this is the point, and the hit, that the environment names.
    @inlinable
    public func reached() {
        #if DEBUG
            Armed.shared?.hit(self)
        #endif
    }

    /// What `OTP_CRASH_AT` asks for; nil for a name or a count that can't be meant.
    static func parse(_ text: String) -> (point: CrashPoint, hit: Int)? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let point = parts.first.flatMap({ CrashPoint(rawValue: String($0)) }) else { return nil }
        guard parts.count == 2 else { return (point, 1) }
        guard let hit = Int(parts[1]), hit > 0 else { return nil }
        return (point, hit)
    }
}

#if DEBUG
    @usableFromInline
    final class Armed: Sendable {
        /// Nil in a process that is to live.
        @usableFromInline static let shared: Armed? = {
            guard let text = getenv(CrashPoint.variable).map({ String(cString: $0) }), !text.isEmpty else { return nil }
            guard let armed = CrashPoint.parse(text) else {
                preconditionFailure("\(CrashPoint.variable)=\(text) names no crash point")
            }
            return Armed(armed.point, hit: armed.hit)
        }()

        private let point: CrashPoint
        private let left: Atomic<Int>

        private init(_ point: CrashPoint, hit: Int) {
            self.point = point
            left = Atomic(hit)
        }

        @usableFromInline
        func hit(_ reached: CrashPoint) {
            guard reached == point, left.subtract(1, ordering: .relaxed).newValue == 0 else { return }
            kill(getpid(), SIGKILL)
            // The signal may take another thread first; this one must not go on meanwhile.
            while true { pause() }
        }
    }
#endif
