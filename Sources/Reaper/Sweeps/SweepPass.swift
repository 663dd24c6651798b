import Kafka
import Model
import Pipeline

/// One pass over one partition of `otp.records`: asks for the erasure of what is too old or was asked to go, and notes
/// which erasures found something. Keeps no row.
///
/// A row counts until compaction has removed it, also when a newer one or a tombstone follows: a clean pass means that
/// nothing is left in the log.
struct SweepPass: Sendable {
    /// Records and their outcomes are gone after 90 days; two are left for compaction.
    static let oldestMs: Int64 = 88 * 24 * 3_600_000
    static let batchSize = 50
    /// Between two batches: at most 500 asks a second.
    static let pause = Duration.milliseconds(100)

    private let erasures: ErasureTable.View
    private let topology: Topology
    private let now: Int64
    private let ask: @Sendable ([OutgoingRecord]) throws -> Void
    private let rest: @Sendable (Duration) -> Void
    private let passedOver: @Sendable (IncomingRecord) -> Bool
    private var batch: [OutgoingRecord] = []
    /// The ids asked last, with the texts named: one record has many rows that follow each other closely.
    private var recent: [VerificationID: Int] = [:]

    private(set) var rows = 0
    private(set) var asked = 0
    private(set) var unreadable = 0
    /// Erasures that matched a row.
    private(set) var found: Set<String> = []
    private(set) var failure: (any Error)?

    /// - Parameters:
    ///   - ask: puts records on `otp.attempts` and returns when they are acknowledged; may block.
    ///   - rest: blocks for so long.
    ///   - passedOver: whether a row is not to be looked at; it counts as one that can't be read.
    init(
        erasures: ErasureTable.View, topology: Topology, now: Int64,
        ask: @escaping @Sendable ([OutgoingRecord]) throws -> Void,
        rest: @escaping @Sendable (Duration) -> Void,
        passedOver: @escaping @Sendable (IncomingRecord) -> Bool = { _ in false }
    ) {
        self.erasures = erasures
        self.topology = topology
        self.now = now
        self.ask = ask
        self.rest = rest
        self.passedOver = passedOver
    }

    mutating func record(_ row: IncomingRecord) {
        guard failure == nil, !Wire.isBeat(row) else { return }
        rows += 1
        if passedOver(row) {
            unreadable += 1
            return
        }
        guard row.value != nil else { return }
        do throws(WireProblem) {
            guard let id = VerificationID(try Wire.key(of: row)) else { throw WireProblem("not a verification id") }
            take(id, try Wire.decode(Verification.self, from: row))
        } catch {
            unreadable += 1
        }
    }

    /// Asks for what is left of the last batch.
    mutating func end() {
        if failure == nil, !batch.isEmpty { flush() }
    }

    /// The erasures this partition holds nothing for any more. A row that can't be read could be anybody's.
    var clean: [String] {
        guard failure == nil, unreadable == 0 else { return [] }
        return erasures.requests.map(\.id).filter { !found.contains($0) }.sorted()
    }

    private mutating func take(_ id: VerificationID, _ verification: Verification) {
        let matching = erasures.byShop[verification.subject.shop]?.filter { $0.matches(verification) } ?? []
        found.formUnion(matching.map(\.id))
        guard !matching.isEmpty || verification.openedAt < now - Self.oldestMs else { return }
        let texts = verification.lastTextNumber
        guard recent[id, default: -1] < texts else { return }
        if recent.count >= 10_000 { recent = [:] }
        recent[id] = texts
        let erasure = Erasure(shop: verification.subject.shop, texts: texts)
        batch.append(AttemptMessage.erase(erasure).record(id, topology))
        if batch.count >= Self.batchSize { flush() }
    }

    private mutating func flush() {
        do {
            try ask(batch)
            asked += batch.count
            batch.removeAll(keepingCapacity: true)
            rest(Self.pause)
        } catch {
            failure = error
        }
    }
}
