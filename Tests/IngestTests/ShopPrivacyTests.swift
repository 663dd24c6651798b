import Foundation
import Kafka
import Model
import Pipeline
import Testing

@testable import Ingest

extension ShopWebhookTests {
    // MARK: Privacy requests

    @Test("customers/redact asks for an erasure by hashes alone, by every number the digits can mean here")
    func redact() throws {
        let bench = try open()
        bench.feed(try bench.webhook("orders/create", try Sample.order(Sample.india, OrderTests.fresh)))
        let body = try Sample.order("customers-redact", ["customer.phone": "081234 56789"])
        let staged = bench.feed(try bench.webhook("customers/redact", body))
        let record = try #require(staged.on(Catalogue.erasures, bench).first)
        let erasure = try ErasureRequest(record.incoming)
        #expect(erasure.phoneHashes == [bench.identity.phoneHash("+918123456789")])
        #expect(erasure.customerHash == bench.identity.customerHash(shop: Bench.shop, customer: "191167"))
        #expect(
            erasure.orders == [
                "gid://shopify/Order/299938", "gid://shopify/Order/280263", "gid://shopify/Order/220458",
            ])
        #expect(erasure.requestedAt == bench.clock.now)
        #expect(erasure.everything != true)
        #expect(!String(decoding: record.record.value ?? [], as: UTF8.self).contains("56789"))
    }

    @Test("ids as text, or no list at all, name the same customer and orders")
    func redactLoosely() throws {
        let bench = try open()
        for (index, list) in [["299938", 280_263, "x"] as [Any], nil].enumerated() {
            var body = try Sample.object("customers-redact")
            body["orders_to_redact"] = list
            body["customer"] = ["id": "191167"]
            let staged = bench.feed(
                try bench.webhook("customers/redact", [UInt8](try JSONSerialization.data(withJSONObject: body))))
            let erasure = try ErasureRequest(try #require(staged.on(Catalogue.erasures, bench).first).incoming)
            #expect(erasure.customerHash == bench.identity.customerHash(shop: Bench.shop, customer: "191167"))
            #expect(erasure.orders == (index == 0 ? ["gid://shopify/Order/299938", "gid://shopify/Order/280263"] : []))
        }
        var asked = try Sample.object("customers-data-request")
        asked["orders_requested"] = nil
        bench.feed(
            try bench.webhook("customers/data_request", [UInt8](try JSONSerialization.data(withJSONObject: asked))))
        #expect(try installation(bench).care?.dataRequests?.map(\.orders) == [[]])
        #expect(bench.dead().isEmpty)
    }

    @Test("a redaction of very many orders is several requests, each within its topic")
    func largeRedaction() throws {
        let bench = try open()
        let ids = (0..<45_000).map { 6_502_000_000_000 + $0 }
        let body = try Sample.order("customers-redact", ["orders_to_redact": ids])
        let staged = bench.feed(try bench.webhook("customers/redact", body)).on(Catalogue.erasures, bench)
        #expect(staged.count == 5)
        #expect(staged.allSatisfy { ($0.record.value?.count ?? 0) < Catalogue.erasures.maximumMessageBytes })
        #expect(try staged.flatMap { try ErasureRequest($0.incoming).orders }.count == 45_000)
        #expect(Set(staged.map(\.record.keyText)).count == 5)
    }

    @Test("requests for data never make the shop's row outgrow its topic, and a renewed token is never lost to them")
    func dataRequestBytes() throws {
        let bench = try open()
        let ids = (0..<250).map { 6_502_000_000_000 + $0 }
        for index in 0..<40 {
            let body = try Sample.order(
                "customers-data-request", ["orders_requested": ids, "data_request": ["id": index]])
            let staged = bench.feed(try bench.webhook("customers/data_request", body))
            #expect(staged.allSatisfy { ($0.record.value?.count ?? 0) < 256 << 10 })
        }
        let kept = try #require(try installation(bench).care?.dataRequests)
        #expect(kept.last?.id == "39" && kept.count > 5 && kept.count < 40)
        #expect(bench.metric("otp_ingest_data_requests_dropped_total") == Double(40 - kept.count))
        // A row that an older version let grow is met when it changes next.
        var row = try #require(bench.logic.shops[Bench.shop])
        row.installation?.care?.dataRequests = (0..<100).map { index in
            ShopCare.DataRequest(
                id: "old\(index)", customerHash: nil, phoneHashes: [],
                orders: ids.map { "gid://shopify/Order/\($0)" }, requestedAt: bench.clock.now)
        }
        bench.logic.restore(
            bench.incoming(
                Wire.record(
                    Catalogue.shops, bench.topology, key: Bench.shop, type: "shop", value: Wire.encode(row))))
        let staged = bench.report(.alive(ShopProfile(name: "x"), shopifyPlan: nil)).on(Catalogue.shops, bench)
        #expect(try #require(staged.first?.record.value).count < 256 << 10)
        #expect(try installation(bench).profile?.name == "x")
        #expect(try installation(bench).care?.dataRequests?.last?.id == "old99")
    }

    @Test("a redaction takes the same customer's data request with it")
    func redactedRequest() throws {
        let bench = try open()
        bench.feed(try bench.webhook("customers/data_request", try Sample.bytes("customers-data-request")))
        #expect(try installation(bench).care?.dataRequests?.count == 1)
        bench.feed(try bench.webhook("customers/redact", try Sample.bytes("customers-redact")))
        #expect(try installation(bench).care?.dataRequests == [])
    }

    @Test("customers/data_request is kept for the export, by hashes, once a request")
    func dataRequest() throws {
        let bench = try open()
        let body = try Sample.bytes("customers-data-request")
        for delivery in ["d1", "d2"] {
            bench.feed(try bench.webhook("customers/data_request", body, delivery: delivery))
        }
        bench.restart()
        let requests = try #require(try installation(bench).care?.dataRequests)
        #expect(requests.map(\.id) == ["9999"])
        #expect(requests[0].orders.count == 3)
        #expect(requests[0].customerHash == bench.identity.customerHash(shop: Bench.shop, customer: "191167"))
    }
}
