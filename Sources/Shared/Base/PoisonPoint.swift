import Glibc

/// Messages over which a daemon can be told to die or to hang, so that a test knows what comes after that.
///
/// `OTP_TRAP_ON=otp.requests:marker` traps in the decision about a message of that topic whose key or value holds the
/// marker; `OTP_ABORT_ON` aborts there, `OTP_SINK_ON` uses up the stack, `OTP_HANG_ON` makes it last for ever. Only in
/// debug builds, like ``CrashPoint``.
public enum PoisonPoint: String, CaseIterable, Sendable {
    case trap = "OTP_TRAP_ON"
    case abort = "OTP_ABORT_ON"
    case sink = "OTP_SINK_ON"
    case hang = "OTP_HANG_ON"

    /// Passes each of the messages that a decision is about.
    @inlinable
    public static func pass(topic: String, key: [UInt8]?, value: [UInt8]?) {
        #if DEBUG
            for point in Asked.all where point.means(topic, key, value) { point.meet() }
        #endif
    }
}

#if DEBUG
    @usableFromInline
    struct Asked: Sendable {
        @usableFromInline static let all = PoisonPoint.allCases.compactMap { point -> Asked? in
            guard let text = getenv(point.rawValue).map({ String(cString: $0) }), !text.isEmpty else { return nil }
            guard let asked = Asked(point, text) else {
                preconditionFailure("\(point.rawValue)=\(text) names no message")
            }
            return asked
        }

        private let point: PoisonPoint
        private let topic: String
        private let marker: [UInt8]

        init?(_ point: PoisonPoint, _ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            self.point = point
            topic = String(parts[0])
            marker = Array(parts[1].utf8)
        }

        @usableFromInline
        func means(_ topic: String, _ key: [UInt8]?, _ value: [UInt8]?) -> Bool {
            topic == self.topic && [key ?? [], value ?? []].contains(where: holdsMarker)
        }

        private func holdsMarker(_ bytes: [UInt8]) -> Bool {
            guard bytes.count >= marker.count else { return false }
            return (0...bytes.count - marker.count).contains { bytes[$0..<$0 + marker.count].elementsEqual(marker) }
        }

        @usableFromInline
        func meet() {
            switch point {
            case .trap: fatalError("told to")
            case .abort: abort()
            case .sink: _ = Self.sink(1)
            case .hang: while true { pause() }
            }
        }

        @inline(never)
        private static func sink(_ depth: Int) -> Int { depth == 0 ? 0 : sink(depth + 1) + depth }
    }
#endif
