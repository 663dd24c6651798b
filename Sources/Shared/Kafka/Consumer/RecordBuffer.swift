/// Messages of a partition that wait for their lane, in log order, bounded in number and bytes by pausing the
/// partition: beyond the upper bound it asks to be paused, below the lower one to be resumed.
struct RecordBuffer {
    private var records: [IncomingRecord] = []
    private var head = 0
    private var bytes = 0
    private let limit: Int

    /// - Parameter limit: messages of a batch; four batches may wait.
    init(limit: Int) { self.limit = limit }

    static let batchBytes = 8 << 20

    var count: Int { records.count - head }
    /// Those that take memory: what waits, and what was taken and not let go of yet.
    var held: Int { records.count }
    var isEmpty: Bool { count == 0 }
    var isOverfull: Bool { count >= 4 * limit || bytes >= 2 * Self.batchBytes }
    var isLow: Bool { count < limit && bytes < Self.batchBytes / 2 }
    var first: IncomingRecord? { isEmpty ? nil : records[head] }

    mutating func append(_ record: IncomingRecord) {
        records.append(record)
        bytes += Self.size(record)
    }

    /// Takes from the front what weighs that much together, at least one, fewer when they are large.
    mutating func take(_ limit: Int, _ weigh: (IncomingRecord) -> Int = { _ in 1 }) -> [IncomingRecord] {
        var taken = 0
        var size = 0
        var weight = 0
        while head + taken < records.count {
            let record = records[head + taken]
            let next = Self.size(record)
            weight += weigh(record)
            if taken > 0 && (size + next > Self.batchBytes || weight > limit) { break }
            size += next
            taken += 1
        }
        let batch = Array(records[head..<head + taken])
        head += taken
        bytes -= size
        // What was taken is let go of as soon as that costs no more than taking it did.
        if head >= records.count - head {
            records.removeFirst(head)
            head = 0
        }
        return batch
    }

    /// Puts an undone batch back in front.
    mutating func putBack(_ batch: [IncomingRecord]) {
        records.replaceSubrange(0..<head, with: batch)
        head = 0
        bytes += batch.reduce(0) { $0 + Self.size($1) }
    }

    mutating func removeAll() {
        records = []
        head = 0
        bytes = 0
    }

    private static func size(_ record: IncomingRecord) -> Int {
        (record.value?.count ?? 0) + (record.key?.count ?? 0) + 128
    }
}
