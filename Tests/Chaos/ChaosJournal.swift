import Base
import Foundation
import Synchronization

/// What the driver did and was told, and what the killer did: one JSON object a line, in order, beside the daemons'
/// logs.
final class ChaosJournal: Sendable {
    struct Entry: Codable, Sendable, Equatable {
        /// Milliseconds since 1970.
        var at: Int64
        var fact: Fact
    }

    enum Fact: Codable, Sendable, Equatable {
        case placed(PlacedOrder)
        /// A webhook was answered 200. `order` is nil for one that nobody can understand.
        case accepted(delivery: String, topic: String, order: String?)
        /// A webhook that was refused to the end.
        case refused(delivery: String, topic: String, order: String?)
        /// A shopper is about to send a code, whatever comes of it.
        case typed(order: String, code: String)
        case told(Verdict)
        case merchantCancelled(order: String)
        case struck(Blow)
        /// A process ended as none may.
        case fell(daemon: String, how: String)
    }

    struct PlacedOrder: Codable, Sendable, Equatable {
        var id: String
        var gid: String
        var shop: String
        var phone: String?
        var story: Story
    }

    /// The answer to one guess.
    struct Verdict: Codable, Sendable, Equatable {
        var order: String
        var code: String
        var status: Int
        /// `verified`, `mismatch`, `codeExpired`, `locked`, `closed`…
        var kind: String
        var attemptsLeft: Int?
    }

    struct Blow: Codable, Sendable, Equatable {
        var daemon: String
        var kind: Kind
        /// When the process was itself again or gone, in milliseconds since 1970.
        var until: Int64
        /// Crash point, seconds, exit code.
        var detail: String

        enum Kind: String, Codable, Sendable, CaseIterable {
            /// Stopped: for longer than its session. Paused: for less.
            case killed, crashed, stopped, paused, asked, gaveUp, scaledOut, scaledIn

            /// Whether what was under way in the process may have been lost.
            var loses: Bool {
                switch self {
                case .killed, .crashed, .stopped, .gaveUp: return true
                case .paused, .asked, .scaledOut, .scaledIn: return false
                }
            }
        }
    }

    private let entries = Mutex<[Entry]>([])
    private let file: FileHandle

    init(_ url: URL) throws {
        guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown)
        }
        file = try FileHandle(forWritingTo: url)
    }

    var all: [Entry] { entries.withLock { $0 } }

    func write(_ fact: Fact, at time: Int64 = ChaosJournal.now()) {
        let entry = Entry(at: time, fact: fact)
        entries.withLock { entries in
            entries.append(entry)
            do {
                try file.write(contentsOf: try JSONEncoder().encode(entry) + Data("\n".utf8))
            } catch {
                preconditionFailure("the journal can't be written: \(error)")
            }
        }
    }

    static func now() -> Int64 { Clock.system.now() }
}

/// What a shopper, or a merchant, does about one order.
enum Story: String, Codable, Sendable, CaseIterable {
    case right, wrongThenRight, fiveWrong, never, late, resend, merchantCancels, cancelledFirst, noPhone

    /// How often each comes, of 100.
    var weight: Int {
        switch self {
        case .right: 30
        case .wrongThenRight: 16
        case .fiveWrong: 8
        case .never: 16
        case .late: 6
        case .resend: 6
        case .merchantCancels: 8
        case .cancelledFirst: 5
        case .noPhone: 5
        }
    }

    static func any(_ chance: inout Chance) -> Story {
        var left = Int.random(in: 0..<allCases.reduce(0) { $0 + $1.weight }, using: &chance)
        for story in allCases {
            left -= story.weight
            if left < 0 { return story }
        }
        return .right
    }

    /// Whether its shop's timer is a short one.
    var isQuick: Bool { self == .never || self == .late }
}
