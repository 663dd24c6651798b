import Foundation
import Kafka

/// Measures the rows that were asked for, one after the other, and prints the table. A row that fails is a line that
/// says why; the others are measured all the same.
struct TableRun {
    /// What every row is given.
    struct Plan {
        let isQuick: Bool
        let delivery: DeliveryMode?
        let peers: Peers
        /// Logs, requests, the peers' configurations; removed in the end.
        let directory: URL

        var rounds: Int { isQuick ? 1 : 3 }
        /// Of a turn.
        var seconds: Int { isQuick ? 2 : 6 }
    }

    typealias Row = (name: String, run: @Sendable (Plan) async throws -> [RowResult])

    static let rows: [Row] = [
        ("bare", { try BareHTTPRow($0).run() }), ("webhooks", { try WebhookRow($0).run() }),
        ("bcrypt", { try await BcryptRow($0).run() }), ("desk", { try DeskRow($0).run() }),
        ("sms", { try await TextLatencyRow($0).run() }), ("guess", { try GuessRow($0).run() }),
        ("idle", { try IdleRow($0).run() }), ("memory", { try MemoryRow($0).run() }),
        ("timers", { try TimersRow($0).run() }), ("overload", { try OverloadRow($0).run() }),
    ]

    /// - Returns: the exit code: 0 when every row was measured or its peer is missing, 1 when one failed, 64 for
    ///   misuse.
    static func main(_ arguments: [String]) async -> Int32 {
        var names: [String] = []
        var isQuick = false
        var delivery: DeliveryMode?
        for argument in arguments {
            if argument == "quick" {
                isQuick = true
            } else if argument.hasPrefix("delivery="), let mode = DeliveryMode(rawValue: String(argument.dropFirst(9)))
            {
                delivery = mode
            } else if rows.contains(where: { $0.name == argument }) {
                names.append(argument)
            } else {
                say("unknown: \(argument); rows are \(rows.map(\.name).joined(separator: ", "))")
                return 64
            }
        }
        do {
            let chosen = names.isEmpty ? rows : rows.filter { names.contains($0.name) }
            return try await run(chosen, isQuick: isQuick, delivery)
        } catch {
            say("failed: \(error)")
            return 1
        }
    }

    private static func run(_ rows: [Row], isQuick: Bool, _ delivery: DeliveryMode?) async throws -> Int32 {
        let directory = FileManager.default.temporaryDirectory.appending(path: "otp-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let peers = Peers(ProcessInfo.processInfo.environment) { FileManager.default.isReadableFile(atPath: $0) }
        let plan = Plan(isQuick: isQuick, delivery: delivery, peers: peers, directory: directory)
        say("machine: \(Machine.description)")
        say("broker: \(try BenchmarkBroker.current.get())")
        say(isQuick ? "quick: one round, short turns; no figures to keep" : "\(plan.rounds) rounds, A-B-B-A")
        for kind in Peers.Kind.allCases {
            if let lacking = peers.missing(kind) { say("missing: \(kind.rawValue): \(lacking)") }
        }
        let begun = Date()
        var results: [RowResult] = []
        for row in rows {
            say("— \(row.name), load \(Machine.load)")
            do {
                results += try await row.run(plan)
            } catch {
                results.append(RowResult(row.name, nil, missing: "failed: \(error)"))
                say("failed: \(error)")
            }
        }
        say(String(format: "\n%.0f s; %@\n", Date().timeIntervalSince(begun), Machine.description))
        say(ResultTable.text(results))
        return results.contains(where: \.hasFailed) ? 1 : 0
    }
}
