import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline

/// Reading what a logic staged.
extension [StagedRecord] {
    func on(_ topic: Topic, _ bench: Bench) -> [StagedRecord] {
        filter { $0.record.topic == bench.topology.name(topic) }
    }

    func topics(_ bench: Bench) -> [String] {
        map { String($0.record.topic.dropFirst(bench.topology.prefix.count)) }.sorted()
    }
}

extension StagedRecord {
    var incoming: IncomingRecord { record.incoming }
}

extension OutgoingRecord {
    var incoming: IncomingRecord {
        IncomingRecord(
            topic: topic, partition: partition ?? 0, offset: 0, timestamp: 0, key: key, value: value, headers: headers)
    }

    var keyText: String { String(decoding: key ?? [], as: UTF8.self) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(value ?? []))
    }
}
