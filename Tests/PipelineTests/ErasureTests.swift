import Foundation
import Kafka
import Model
import Testing

@testable import Pipeline

@Suite("Erasure requests and receipts")
struct ErasureTests {
    static let request = ErasureRequest(
        id: "r1", shop: "a.myshopify.com", phoneHashes: ["p1", "p2"], customerHash: "c1",
        orders: ["gid://shopify/Order/1"], requestedAt: 5000)

    static func verification(
        shop: String = "a.myshopify.com", phone: String = "x", customer: String? = nil, order: String = "other",
        openedAt: Int64 = 4999
    ) -> Verification {
        let subject = Subject(
            platform: "shopify", shop: shop, order: order, orderName: nil, shopVersion: 1, phone: Sealed([1]),
            phoneHash: phone, phoneMask: "+1*****4567", range: "r", customerHash: customer, locale: nil, keyId: "k",
            timerSeconds: 900, codeSeconds: 600, codeLength: 6)
        guard let state = Verification.apply(nil, .opened(subject), now: openedAt, offset: 1) else {
            preconditionFailure("opened makes a state")
        }
        return state
    }

    @Test(
        "matches by phone, customer or order, at its own shop, and only what was opened before it",
        arguments: [
            (verification(phone: "p2"), true),
            (verification(customer: "c1"), true),
            (verification(order: "gid://shopify/Order/1"), true),
            (verification(), false),
            (verification(shop: "b.myshopify.com", phone: "p1"), false),
            (verification(phone: "p1", openedAt: 5000), false),
        ])
    func matching(verification: Verification, matches: Bool) {
        #expect(Self.request.matches(verification) == matches)
    }

    @Test("a request without a customer does not match records without one")
    func noCustomer() {
        var request = Self.request
        request.customerHash = nil
        #expect(!request.matches(Self.verification(customer: nil)))
    }

    @Test("request and receipt come back from the wire as they were")
    func roundTrip() throws {
        let topology = Topology()
        let request = Self.request.record(topology)
        #expect(request.topic == "otp.erasures")
        #expect(try ErasureRequest(incoming(request)) == Self.request)

        let receipt = ErasureReceipt(request: "r1", partition: 3, cleanAt: 9)
        let record = receipt.record(topology)
        #expect(record.topic == "otp.receipts")
        #expect(record.key == Array("r1/3".utf8))
        #expect(record.partition == topology.partition(of: "r1"))
        #expect(try ErasureReceipt(incoming(record)) == receipt)
    }

    @Test("a request under a foreign key is refused")
    func foreignKey() {
        var record = Self.request.record(Topology())
        record.key = Array("r2".utf8)
        #expect(throws: WireProblem.self) { try ErasureRequest(incoming(record)) }
    }

    private func incoming(_ record: OutgoingRecord) -> IncomingRecord {
        IncomingRecord(
            topic: record.topic, partition: record.partition ?? 0, offset: 0, timestamp: 1, key: record.key,
            value: record.value, headers: record.headers)
    }

    @Test("one with very many orders becomes several that fit their topic, and names each order once")
    func parts() throws {
        var request = Self.request
        #expect(request.parts() == [request])
        request.orders = (0..<25_001).map { "gid://shopify/Order/\(6_502_000_000_000 + $0)" }
        let parts = request.parts()
        #expect(parts.map(\.id) == ["r1", "r1/2", "r1/3"])
        #expect(parts.flatMap(\.orders) == request.orders)
        #expect(parts[0].phoneHashes == ["p1", "p2"] && parts[0].customerHash == "c1")
        #expect(parts[1...].allSatisfy { $0.phoneHashes.isEmpty && $0.customerHash == nil })
        for part in parts {
            #expect(part.shop == request.shop && part.requestedAt == request.requestedAt)
            let record = part.record(Topology())
            #expect((record.value?.count ?? 0) < Catalogue.erasures.maximumMessageBytes - 65_536)
            #expect(try ErasureRequest(incoming(record)) == part)
        }
    }
}
