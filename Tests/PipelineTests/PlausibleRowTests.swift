import Foundation
import Kafka
import Model
import Testing

@testable import Pipeline

/// Rows as they stand on the topics, each of their numbers in turn made one that nobody can mean.
@Suite("Impossible rows")
struct PlausibleRowTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let json: String
        /// Throws when the row is refused.
        let read: @Sendable (IncomingRecord) throws -> Void

        init<Value: Codable & Plausible & SendableMetatype>(_ value: Value) {
            self.init(Value.self, String(decoding: Wire.encode(value), as: UTF8.self))
        }

        init<Value: Codable & Plausible & SendableMetatype>(_ type: Value.Type, _ json: String) {
            testDescription = "\(type)"
            self.json = json
            read = { _ = try Wire.decode(Value.self, from: $0) }
        }

        func reads(_ json: String) -> Bool {
            let record = IncomingRecord(
                topic: "t", partition: 0, offset: 1, timestamp: 1, key: [1], value: Array(json.utf8))
            do { try read(record) } catch { return false }
            return true
        }
    }

    private static let subject = Subject(
        platform: "shopify", shop: "a.example", order: "order", orderName: nil, shopVersion: 3, phone: Sealed([1]),
        phoneHash: "h", phoneMask: "m", range: "r", customerHash: "c", locale: nil, keyId: "k", timerSeconds: 900,
        codeSeconds: 600, codeLength: 6)

    private static var verification: Verification {
        var state: Verification?
        for event in Verification.decide(nil, .opened(subject), now: 1_000) {
            state = Verification.apply(state, event, now: 1_000, offset: 5)
        }
        state?.codeExpiresAt = 2_000
        state?.timerStartedAt = 1_500
        state?.settlement = Settlement(action: .cancel, intendedAt: 3_000, result: .tagged, settledAt: 4_000)
        return state!
    }

    private static var job: Sample {
        let json = """
            {"number":1,"generation":1,"state":"intended","attempts":2,"nextAttemptAt":5,"challengedAt":6,"acceptedAt":7,
            "isUncertain":false,"uncertainSince":8,"askedAt":9,"isDelivered":false,"answeredAt":10,"changedAt":11,
            "applied":12,"request":\(String(decoding: Wire.encode(
                SendRequest(number: 1, generation: 1, subject: subject, sendBy: 9)), as: UTF8.self))}
            """
        return Sample(SendJob.self, json)
    }

    private static var shop: ShopRecord {
        var installation = ShopRecord.Installation(
            accessToken: Sealed([1]), plan: .pro, shopifyPlan: nil, settings: ShopSettings(), activatedAt: 1_000)
        installation.settings.dailyCap = 5
        installation.grant = ShopGrant(
            number: 4, scopes: [], expiresAt: 2, refreshExpiresAt: 3, renewAt: 4)
        installation.grant?.scopesAt = 1
        installation.profile = ShopProfile(updatedAt: 6)
        installation.subscription = ShopSubscription(
            id: "s", plan: .pro, state: .active, updatedAt: 7, nearCapAt: 8)
        var care = ShopCare()
        (care.polledTo, care.refusedSince, care.uninstallToldAt, care.checkedAt) = (1, 2, 3, 4)
        care.dataRequests = [.init(id: "d", customerHash: nil, phoneHashes: [], orders: [], requestedAt: 9)]
        installation.care = care
        return ShopRecord(
            platform: "shopify", version: 2, wrappedKey: Sealed([1]), keyId: "k", installation: installation,
            putId: "p", applied: 5)
    }

    static let samples: [Sample] = {
        var entry = OrderEntry(
            verification: nil, skipped: nil, seenAt: 1, skippedAt: 2, isCancelled: false, isFulfilled: false,
            isApproved: false, updatedAt: 3, settledAt: 4, applied: 5)
        entry.counted = ["sent"]
        var usage = UsageRecord(counts: ["sent": 3], applied: 4)
        usage.reached = ["eighty": 5]
        usage.limit = 100
        return [
            Sample(verification), Sample(Answer(.seen, about: verification)), job, Sample(entry), Sample(usage),
            Sample(shop), Sample(CustomerRecord(verifiedAt: 1, customerHash: nil, orders: [], applied: 2)),
            Sample(PhoneTexts(texts: [.init(at: 1, shop: 2, offset: 3)], applied: 4, optedOutAt: 5)),
            Sample(
                RangeTexts(
                    since: 1, sent: 2, verified: 3, strikes: 4, lastAt: 5, shops: [.init(shop: 6, since: 7, sent: 8)],
                    applied: 9)),
            Sample(
                ErasureRequest(id: "e", shop: "s", phoneHashes: [], customerHash: nil, orders: [], requestedAt: 1)),
            Sample(ErasureReceipt(request: "e", partition: 1, cleanAt: 2)),
        ]
    }()

    @Test("whichever number is impossible, the row is refused", arguments: samples)
    func refused(sample: Sample) throws {
        #expect(sample.reads(sample.json))
        let numbers = sample.json.matches(of: /[:\[,](-?[0-9]+)(?=[,}\]])/).map(\.output.1)
        #expect(!numbers.isEmpty)
        for number in numbers {
            for impossible in [Int64.min, Int64.min + 1, Int64.max - 1, Int64.max] {
                let place = number.startIndex..<number.endIndex
                let json = sample.json.replacingCharacters(in: place, with: "\(impossible)")
                let mayBe = impossible == Int64.max - 1 && isOffset(number.startIndex, in: sample.json)
                #expect(!sample.reads(json) || mayBe, "\(json)")
            }
        }
    }

    /// Offsets and the numbers of data keys may be anything up to the last but one.
    private func isOffset(_ start: String.Index, in json: String) -> Bool {
        let before = json[..<start]
        return ["applied", "offset", "version", "shopVersion", "number"].contains { before.hasSuffix("\"\($0)\":") }
    }
}
