import Foundation
import Kafka
import KafkaMock
import Testing

/// Values that callbacks on other threads collect, with waiting instead of sleeping.
final class Collected<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var elements: [Element] = []

    func append(_ element: Element) {
        condition.lock()
        elements.append(element)
        condition.broadcast()
        condition.unlock()
    }

    var all: [Element] {
        condition.lock()
        defer { condition.unlock() }
        return elements
    }

    /// Waits until the elements satisfy the condition; false after the time-out. Blocks a thread, never the pool.
    func wait(seconds: Double = 20, until done: @escaping @Sendable ([Element]) -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                self.condition.lock()
                let limit = Date(timeIntervalSinceNow: seconds)
                while !done(self.elements), self.condition.wait(until: limit) {}
                let result = done(self.elements)
                self.condition.unlock()
                continuation.resume(returning: result)
            }
        }
    }
}

/// What every client against a mock needs, and what it would log.
func settings(_ brokers: String, _ id: String = "test") -> KafkaSettings {
    KafkaSettings(brokers: brokers, options: [("fetch.wait.max.ms", "5")], clientId: id)
}

func record(_ topic: String, _ key: String, _ value: String?, partition: Int32? = nil) -> OutgoingRecord {
    OutgoingRecord(topic: topic, partition: partition, key: Array(key.utf8), value: value.map { Array($0.utf8) })
}

extension IncomingRecord {
    var keyText: String { String(decoding: key ?? [], as: UTF8.self) }
    var valueText: String? { value.map { String(decoding: $0, as: UTF8.self) } }
}

/// Reads a topic from its beginning until it holds that many records.
func readAll(
    _ settings: KafkaSettings, _ topic: String, count: Int, isolation: Isolation = .readCommitted
) async throws -> [IncomingRecord] {
    let seen = Collected<IncomingRecord>()
    let reader = try TopicReader(
        settings, topic: topic, from: .beginning, isolation: isolation, onRecord: { seen.append($0) })
    reader.start()
    _ = await seen.wait { $0.count >= count }
    reader.stop()
    return seen.all
}
