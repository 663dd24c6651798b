import Foundation
import Kafka
import Model
import Pipeline
import Platforms
import Synchronization

/// Values put in from any thread, taken out by the test.
final class Queue<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    var add: @Sendable (Value) -> Void { { value in self.values.withLock { $0.append(value) } } }

    var all: [Value] { values.withLock { $0 } }

    func take() -> [Value] {
        values.withLock { values in
            defer { values = [] }
            return values
        }
    }
}

typealias Lines = Queue<String>

/// A provider that answers as the test says, accepts when nothing is said, and remembers what it was asked.
final class Script: Sendable {
    struct Search: Equatable, Sendable {
        let to: String
        let since: Int64
        let body: String
    }

    let name: String
    let sent = Queue<TextMessage>()
    let searches = Queue<Search>()
    private let results: Mutex<[SendResult]>
    private let lookup: TextProvider.Lookup

    init(_ results: [SendResult] = [], name: String = "script", lookup: TextProvider.Lookup = .absent) {
        self.name = name
        self.results = Mutex(results)
        self.lookup = lookup
    }

    var provider: TextProvider {
        TextProvider(
            name: name,
            send: { message in
                self.sent.add(message)
                return self.results.withLock { $0.isEmpty ? .accepted(messageId: "SM1") : $0.removeFirst() }
            },
            find: { to, since, body in
                self.searches.add(Search(to: to, since: since, body: body))
                return self.lookup
            })
    }
}

/// A staged record in short words; without the rows of budgets, which `LimitTests` is about.
func words(_ staged: [StagedRecord]) -> [String] {
    staged.filter { !$0.isBudget }.sorted { $0.stage.rawValue < $1.stage.rawValue }.map { staged in
        let record = staged.record
        let type = record.headers.first { $0.name == Wire.typeHeader }?.text ?? "?"
        return "\(staged.stage) \(record.topic) \(type)"
    }
}

extension [StagedRecord] {
    /// The messages to Verifier among them.
    var attempts: [AttemptMessage] {
        get throws {
            try filter { $0.record.topic == "otp.attempts" }
                .map { try AttemptMessage(Bench.incoming($0.record, offset: 0, at: 0)) }
        }
    }

    /// The rows of `otp.sends` among them.
    var jobs: [SendJob] {
        get throws {
            try filter { $0.record.topic == "otp.sends" && $0.record.value != nil }
                .map { try JSONDecoder().decode(SendJob.self, from: Data($0.record.value ?? [])) }
        }
    }
}

extension StagedRecord {
    /// A row of `otp.numbers` that is no beat.
    fileprivate var isBudget: Bool {
        record.topic == "otp.numbers" && record.headers.first { $0.name == Wire.typeHeader }?.text != "beat"
    }
}
