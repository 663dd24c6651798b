import CRdKafka
import Glibc

/// A list of topic, partition and offset as librdkafka wants it. Owns the C list unless it was borrowed from a
/// callback, where it must not outlive the call.
final class TopicPartitions {
    struct Entry: Equatable {
        let topic: String
        let partition: Int32
        let offset: Int64
        let error: rd_kafka_resp_err_t
        /// What was committed with the offset.
        var metadata = ""
    }

    private let raw: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
    private let owned: Bool

    init(_ items: [(topic: String, partition: Int32, offset: Int64)]) {
        raw = rd_kafka_topic_partition_list_new(Int32(items.count))
        owned = true
        for item in items {
            rd_kafka_topic_partition_list_add(raw, item.topic, item.partition).pointee.offset = item.offset
        }
    }

    /// - Parameter notes: what is committed with the offsets; none where there is nothing.
    convenience init(topic: String, offsets: [Int32: Int64], notes: [Int32: String] = [:]) {
        self.init(offsets.sorted { $0.key < $1.key }.map { (topic, $0.key, $0.value) })
        for index in 0..<Int(raw.pointee.cnt) {
            guard let note = notes[raw.pointee.elems[index].partition], !note.isEmpty else { continue }
            // The list frees it.
            raw.pointee.elems[index].metadata = UnsafeMutableRawPointer(strdup(note))
            raw.pointee.elems[index].metadata_size = note.utf8.count
        }
    }

    init(borrowing raw: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) {
        self.raw = raw
        owned = false
    }

    deinit {
        if owned { rd_kafka_topic_partition_list_destroy(raw) }
    }

    /// The C list stays valid for the call: without this the object may be gone as soon as the pointer was taken.
    func use<R>(_ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> R) -> R {
        withExtendedLifetime(self) { body(raw) }
    }

    func setOffsets(_ offset: Int64) {
        for index in 0..<Int(raw.pointee.cnt) { raw.pointee.elems[index].offset = offset }
    }

    var entries: [Entry] {
        (0..<Int(raw.pointee.cnt)).map { index in
            let e = raw.pointee.elems[index]
            let metadata = UnsafeRawBufferPointer(start: e.metadata, count: e.metadata == nil ? 0 : e.metadata_size)
            return Entry(
                topic: String(cString: e.topic), partition: e.partition, offset: e.offset, error: e.err,
                metadata: String(decoding: metadata, as: UTF8.self))
        }
    }
}
