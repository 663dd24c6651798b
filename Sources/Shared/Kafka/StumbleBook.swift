/// Messages that a daemon ended over, as their partition's committed offset keeps them: in its metadata, where they outlive
/// any process and machine. Decides, does nothing.
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
        var isHopeless: Bool { offsets.count == 1 && times >= 2 }
    }

    /// More than anybody can mean to keep; far below what brokers let metadata be.
    static let most = 16

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

    /// Notes that the daemon ends over one of these. A part of what is known already is what it was about then.
    mutating func note(_ kind: Kind, _ offsets: ClosedRange<Int64>) -> Stumble {
        let known = stumbles.first {
            $0.offsets.contains(offsets.lowerBound) && $0.offsets.contains(offsets.upperBound)
        }
        let stumble = Stumble(kind: kind, offsets: offsets, times: min((known?.times ?? 0) + 1, 1_000))
        stumbles = (stumbles.filter { !$0.offsets.overlaps(offsets) } + [stumble]).suffix(Self.most)
        return stumble
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
        guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 0, first <= last else { return nil }
        self.init(kind: kind, offsets: first...last, times: times)
    }

    /// The offset, or the first and the last.
    var place: String {
        offsets.count == 1 ? "offset \(offsets.lowerBound)" : "offsets \(offsets.lowerBound) to \(offsets.upperBound)"
    }
}
