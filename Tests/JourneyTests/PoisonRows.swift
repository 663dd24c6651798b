import Foundation
import Kafka
import Model
import Pipeline

/// Rows of the daemons' tables that can be read and can't be meant.
enum PoisonRows {
    private static let shop = "poison.myshopify.com"
    private static let hash = String(repeating: "A", count: 22)

    /// For every partition, the rows as they would stand there.
    static func all(_ topology: Topology) -> [OutgoingRecord] {
        (0..<topology.partitions).flatMap { partition in
            rows().map { topic, key, type, value in
                var record = Wire.record(topic, topology, key: key, type: type, value: value)
                record.partition = partition
                return record
            }
        }
    }

    private static func rows() -> [(Topic, String, String, [UInt8])] {
        [Int64.min, Int64.max].flatMap { number -> [(Topic, String, String, [UInt8])] in
            let entry = OrderEntry(
                verification: nil, skipped: nil, seenAt: number, isCancelled: false, isFulfilled: false,
                isApproved: false, applied: -1)
            var usage = UsageRecord(counts: ["sent": Int(number), "charged": Int(number)])
            usage.reached = ["80": number]
            let customer = CustomerRecord(verifiedAt: number, customerHash: nil, orders: [], applied: -1)
            let phone = PhoneTexts(texts: [.init(at: number, shop: 1, offset: -1)])
            let range = RangeTexts(since: number, sent: Int(number), lastAt: number)
            let erasure = ErasureRequest(
                id: "poison-\(number)", shop: shop, phoneHashes: [], customerHash: nil, orders: [], requestedAt: number)
            return [
                (Catalogue.orders, "\(shop)/gid://shopify/Order/1", "order", Wire.encode(entry)),
                (Catalogue.usage, "\(shop)/2026-11", "usage", Wire.encode(usage)),
                (Catalogue.customers, "\(shop)/\(hash)", "customer", Wire.encode(customer)),
                (Catalogue.numbers, hash, NumberMessage.phone, Wire.encode(phone)),
                (Catalogue.numbers, "B" + hash.dropFirst(), NumberMessage.range, Wire.encode(range)),
                (Catalogue.erasures, erasure.id, "erasure", Wire.encode(erasure)),
            ] + verifications(number) + jobs(number)
        }
    }

    private static func verifications(_ number: Int64) -> [(Topic, String, String, [UInt8])] {
        let fields: [WritableKeyPath<Verification, Int64?>] = [\.timerStartedAt, \.codeExpiresAt]
        let all =
            fields.map { field in verification { $0[keyPath: field] = number } } + [
                verification { $0.openedAt = number }, verification { $0.statusAt = number },
                verification { $0.generation = Int(number) }, verification { $0.texts[0].askedAt = number },
                verification { $0.texts[0].number = Int(number) },
                verification { $0.subject.timerSeconds = Int(number) },
                verification { $0.settlement = Settlement(action: .cancel, intendedAt: number) },
            ]
        return all.map { (Catalogue.records, VerificationID(UUID()).text, "verification", Wire.encode($0)) }
    }

    private static func jobs(_ number: Int64) -> [(Topic, String, String, [UInt8])] {
        let request = String(
            decoding: Wire.encode(SendRequest(number: 1, generation: 1, subject: subject, sendBy: 1)), as: UTF8.self)
        func job(_ numbers: [String: Int64]) -> [UInt8] {
            func text(_ name: String, _ plain: Int64) -> String { "\"\(name)\":\(numbers[name] ?? plain)" }
            let fields = [
                text("number", 1), text("generation", 1), text("attempts", 1), text("nextAttemptAt", 1),
                text("changedAt", 1), text("applied", -1), "\"state\":\"intended\"", "\"isUncertain\":false",
                "\"isDelivered\":false", "\"request\":\(request)",
            ]
            return Array("{\(fields.joined(separator: ","))}".utf8)
        }
        return ["number", "generation", "attempts", "nextAttemptAt", "changedAt"].map {
            (Catalogue.sends, VerificationID(UUID()).text, "job", job([$0: number]))
        }
    }

    private static var subject: Subject {
        Subject(
            platform: "shopify", shop: shop, order: "gid://shopify/Order/1", orderName: nil, shopVersion: 0,
            phone: Sealed([1]), phoneHash: "h", phoneMask: "m", range: "r", customerHash: nil, locale: nil, keyId: "k1",
            timerSeconds: 900, codeSeconds: 600, codeLength: 6)
    }

    private static func verification(_ change: (inout Verification) -> Void) -> Verification {
        var state: Verification?
        for event in Verification.decide(nil, .opened(subject), now: 1) {
            state = Verification.apply(state, event, now: 1, offset: -1)
        }
        guard var state else { preconditionFailure("nothing was opened") }
        change(&state)
        return state
    }
}
