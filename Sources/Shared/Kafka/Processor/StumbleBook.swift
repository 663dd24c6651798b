/// Messages that a daemon ended over, as their partition's committed offset keeps them: in its metadata, where they
/// outlive any process and machine. Decides, does nothing.
///
/// The first time only the batch is known: its messages are then decided one by one. The second time it is the message.
struct StumbleBook: Equatable, Sendable {
    enum Kind: String, Sendable {
        /// The decision did not end, until the watchman ended the daemon.
        case stalled
        /// The decision ended the process by a signal of its own.
        case crashed
    }

    struct Stumble: Equatable, Sendable {
        var kind: Kind
        var offsets: ClosedRange<Int64>
        var times: Int

        /// This message alone, and not for the first time: nobody is to look at it again.
        var isHopeless: Bool { isAlone && times >= 2 }

        var isAlone: Bool { offsets.lowerBound == offsets.upperBound }
    }

    /// More than anybody can mean to keep; far below what brokers let metadata be.
    static let most = 16
    /// No batch is so long; a note of ours that would be is cut, and what is beyond it is another matter.
    static let longest: Int64 = 10_000

    /// How much is kept.
    struct Room: Sendable {
        var entries: Int
        /// In metadata's bytes.
        var bytes: Int

        static let desk = Room(entries: most, bytes: 4_096)
        /// Where nothing is ever settled notes stay for good. 4096 bytes are what brokers let metadata be, by default.
        static let reader = Room(entries: .max, bytes: 4_096)
    }

    private(set) var stumbles: [Stumble] = []

    init() {}

    /// As `text` has it; what it can't be is passed over, another version may have written it.
    init(_ text: String) {
        stumbles = text.split(separator: ",").compactMap { Stumble($0) }
    }

    /// What is left once everything below `offset` is settled; empty when nothing is.
    func text(from offset: Int64 = 0) -> String {
        stumbles.filter { $0.offsets.upperBound >= offset }.map(\.text).joined(separator: ",")
    }

    /// The last offset that is to be decided alone, −1 for none.
    var last: Int64 { stumbles.map(\.offsets.upperBound).max() ?? -1 }

    /// The message that is to be put aside unseen.
    func hopeless(_ offset: Int64) -> Stumble? {
        stumbles.first { $0.isHopeless && $0.offsets.contains(offset) }
    }

    /// Forgets what is wholly below `offset`: it is settled.
    mutating func drop(below offset: Int64) { stumbles.removeAll { $0.offsets.upperBound < offset } }

    /// Notes that the daemon ends over one of these. A part of what is known already is what it was about then, if it
    /// ended alike: each kind is counted by itself.
    mutating func note(
        _ kind: Kind, _ batch: ClosedRange<Int64>, within room: Room = .desk
    ) -> (stumble: Stumble, forgotten: [Stumble]) {
        let first = batch.lowerBound
        let offsets = first...(batch.upperBound - first > Self.longest ? first + Self.longest : batch.upperBound)
        func hasAll(_ known: Stumble) -> Bool {
            known.offsets.contains(offsets.lowerBound) && known.offsets.contains(offsets.upperBound)
        }
        let known = stumbles.first { $0.kind == kind && hasAll($0) }
        let stumble = Stumble(kind: kind, offsets: offsets, times: min((known?.times ?? 0) + 1, 1_000))
        let others = stumbles.filter { !$0.offsets.overlaps(offsets) || ($0.kind != kind && hasAll($0)) }
        stumbles = others + [stumble]
        return (stumble, shrink(to: room))
    }

    /// The oldest go, first those that may never come again; the last one stays.
    private mutating func shrink(to room: Room) -> [Stumble] {
        var forgotten: [Stumble] = []
        while stumbles.count > 1, stumbles.count > room.entries || text().utf8.count > room.bytes {
            let place = stumbles.dropLast().firstIndex { $0.times == 1 } ?? 0
            forgotten.append(stumbles.remove(at: place))
        }
        return forgotten
    }
}

extension StumbleBook.Stumble {
    var text: String { "\(kind.rawValue):\(offsets.lowerBound)-\(offsets.upperBound):\(times)" }

    init?(_ text: Substring) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let kind = StumbleBook.Kind(rawValue: String(parts[0])), let times = Int(parts[2]),
            (1...1_000).contains(times)
        else { return nil }
        let ends = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 0, first <= last, last < Int64.max,
            last - first <= StumbleBook.longest
        else { return nil }
        self.init(kind: kind, offsets: first...last, times: times)
    }

    /// The offset, or the first and the last.
    var place: String {
        isAlone ? "offset \(offsets.lowerBound)" : "offsets \(offsets.lowerBound) to \(offsets.upperBound)"
    }
}
