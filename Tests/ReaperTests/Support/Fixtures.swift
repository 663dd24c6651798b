import Base
import Foundation
import Kafka
import Model
import Pipeline
import Runtime
import Synchronization

@testable import Reaper

let start: Int64 = 1_795_168_920_000  // 2026-11-20 10:02 UTC
let topology = Topology(partitions: 4)
let shopDomain = "a.myshopify.com"
let orderGid = "gid://shopify/Order/1001"

/// A record's life, told by the model's own `apply`, and as rows of `otp.records`.
struct Life {
    let id: VerificationID
    var state: Verification?
    var now = start
    var offset: Int64 = 0

    init(_ number: Int = 1, order: String = orderGid, shop: String = shopDomain, openedAt: Int64 = start) {
        let uuid = String(format: "a1b2c3d4-0000-8000-8000-%012d", number)
        guard let id = VerificationID(uuid) else { preconditionFailure("not a UUID") }
        self.id = id
        now = openedAt
        take(
            .opened(
                Subject(
                    platform: "shopify", shop: shop, order: order, orderName: "#1001", shopVersion: 3,
                    phone: Sealed([1, 2]), phoneHash: "ph\(number)", phoneMask: "+1*****4567", range: "rg",
                    customerHash: "ch\(number)", locale: nil, keyId: "k1", timerSeconds: 900, codeSeconds: 600,
                    codeLength: 6)))
        take(.textAsked(number: 1, generation: 1))
    }

    mutating func take(_ event: VerificationEvent, after seconds: Int64 = 0) {
        now += seconds * 1000
        offset += 1
        state = Verification.apply(state, event, now: now, offset: offset)
    }

    static func sent(_ number: Int = 1) -> Life {
        var life = Life(number)
        life.take(.textSent(TextReport(number: 1, generation: 1)))
        return life
    }

    /// Ended at `start` plus 900 s with this intent.
    static func settling(_ action: Settlement.Action, _ number: Int = 1) -> Life {
        var life = sent(number)
        life.take(
            action == .tagVerified ? .verified : .expired(.init(cause: .timedOut, fault: nil)), after: 900)
        life.take(.settlementIntended(action))
        return life
    }

    /// Ended because its text failed.
    static func undeliverable(_ reason: String, _ action: Settlement.Action) -> Life {
        var life = Life(1)
        life.take(.expired(.init(cause: .undeliverable, fault: .ours, detail: reason)), after: 5)
        life.take(.settlementIntended(action))
        return life
    }

    /// Never asked, for want of a number.
    static func skipped(_ reason: SkipReason) -> Life {
        var life = Life(1)
        life.take(.expired(.init(cause: .skipped, fault: .ours, detail: reason.rawValue)))
        life.take(.settlementIntended(.review))
        return life
    }

    var intent: SettlementIntent {
        guard let state, let intent = SettlementIntent(id, state) else { preconditionFailure("no intent") }
        return intent
    }

    var row: IncomingRecord {
        Life.row(
            Wire.record(
                Catalogue.records, topology, key: id.text, type: "verification", value: state.map(Wire.encode)),
            offset: offset)
    }

    static func row(_ record: OutgoingRecord, offset: Int64 = 0) -> IncomingRecord {
        IncomingRecord(
            topic: record.topic, partition: record.partition ?? 0, offset: offset, timestamp: start, key: record.key,
            value: record.value, headers: record.headers)
    }
}

/// What a scripted outbox was given.
final class Sent: Sendable {
    private struct State {
        var records: [OutgoingRecord] = []
        var room = 1_000_000
        var acknowledges = true
    }

    private let state = Mutex(State())

    var records: [OutgoingRecord] { state.withLock { $0.records } }
    func setRoom(_ room: Int) { state.withLock { $0.room = room } }
    func setAcknowledges(_ value: Bool) { state.withLock { $0.acknowledges = value } }
    func clear() { state.withLock { $0.records = [] } }

    var outbox: Outbox {
        Outbox(
            send: { record, report in
                let isAcknowledged = self.state.withLock { state in
                    state.records.append(record)
                    return state.acknowledges
                }
                report(isAcknowledged)
            },
            room: { self.state.withLock { $0.room } })
    }

    /// The attempts among them, as `id type` with the result where there is one.
    var attempts: [String] {
        records.filter { $0.topic == "otp.attempts" }.map { record in
            do {
                switch try AttemptMessage(Life.row(record)) {
                case .timedOut: return "timed-out"
                case .settled(let result, let intended):
                    return "settled \(result.rawValue) \(intended.map(String.init) ?? "?")"
                case .erase(let erasure): return "erase \(erasure.shop) \(erasure.texts)"
                default: return "?"
                }
            } catch {
                return "unreadable"
            }
        }
    }
}

/// Lines a log wrote.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    var text: String { all.joined() }

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    func log(_ clock: Clock = ManualClock(start).clock) -> Log {
        Log(name: "otp-reaper", level: .debug, clock: clock) { self.add($0) }
    }
}
