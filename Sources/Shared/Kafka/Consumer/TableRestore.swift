import Base
import CRdKafka

/// Replays one partition of some tables from their start to their end, read_committed, on the calling thread.
///
/// The end is the high watermark asked through a read_uncommitted handle; the replay is over at an end-of-partition
/// event at or past it, because offsets have gaps (compaction, transaction markers). Broker trouble is waited out.
struct TableRestore {
    let settings: KafkaSettings
    let lookup: OffsetLookup
    let partition: Int32
    /// Called with every row, and with every trouble that was logged.
    let step: () -> Void

    /// - Returns: the number of rows, nil when `isWanted` said no in between.
    func run(
        _ tables: [TableSource], while isWanted: () -> Bool, row: (IncomingRecord) -> Void
    ) throws(KafkaError) -> Int? {
        var rows = 0
        for table in tables {
            guard let count = try replay(table, isWanted, row) else { return nil }
            rows += count
        }
        return rows
    }

    private func replay(
        _ table: TableSource, _ isWanted: () -> Bool, _ row: (IncomingRecord) -> Void
    ) throws(KafkaError) -> Int? {
        guard let (start, end) = bounds(table, isWanted) else { return nil }
        if start >= end { return 0 }
        let tuning = [("queued.min.messages", "1000000"), ("queued.max.messages.kbytes", "32768")]
        let consumer = try PartitionConsumer(settings, .readCommitted, tuning: tuning)
        try consumer.assign(table.topic, [partition: start])
        var rows = 0
        while isWanted() {
            switch consumer.poll(100) {
            case .record(let record):
                // What the table got after the end was asked for is ours to read as well, if it was there already.
                row(record)
                rows += 1
                step()
            case .end(_, _, let offset) where offset >= end: return rows
            case .end, nil: continue
            case .failure(let error):
                settings.log(4, "RESTORE", "\(table.topic)[\(partition)]: \(error)")
                step()
            }
        }
        return nil
    }

    /// Where to begin and the end to come to; asks until there is an answer.
    private func bounds(_ table: TableSource, _ isWanted: () -> Bool) -> (Int64, Int64)? {
        while isWanted() {
            do throws(KafkaError) {
                let limit = Deadline.after(.seconds(5))
                let ranges = try lookup.ranges(table.topic, [partition], until: limit)
                let starts = try lookup.start(table.topic, ranges, table.from, until: limit)
                if let range = ranges[partition], let start = starts[partition] { return (start, range.high) }
            } catch {
                settings.log(4, "RESTORE", "\(table.topic)[\(partition)]: \(error), asking again")
                step()
                OwnedThread.pause(for: .milliseconds(100))
            }
        }
        return nil
    }
}
