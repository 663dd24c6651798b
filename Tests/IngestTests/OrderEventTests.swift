import Foundation
import Kafka
import Model
import Pipeline
import Testing

@testable import Ingest

@Suite("Orders of other platforms")
struct OrderEventTests {
    private func open(settings: String = "{}") async throws -> Bench {
        let bench = try Bench()
        #expect(try await bench.putSource(settings: settings).status == 200)
        return bench
    }

    private func skips(_ bench: Bench) throws -> [String] {
        try bench.staged.filter { $0.record.topic == bench.topology.name(Catalogue.outcomes) }.map {
            #expect($0.incoming.header("ce_subject") == "1001")
            #expect($0.incoming.header("ce_source") == "/shops/\(Bench.source)")
            return try $0.record.decode(OutcomeData.self).reason ?? ""
        }
    }

    private func take(_ bench: Bench, _ type: String, _ changes: [String: Any?] = [:]) throws {
        #expect(bench.orderAnswer(bench.orderPost(try Bench.event(type, changes)))?.status == 200)
    }

    @Test(
        "what the event says decides, as with Shopify's orders",
        arguments: [
            ([:], nil), (["data.test": true], "test_order"),
            (["data.cancelledAt": "2026-11-20T10:02:41Z"], "already_cancelled"),
            (["data.fulfilled": true], "already_fulfilled"), (["data.tags": ["otp-approve"]], "approved"),
            (["data.shipping": ["country": "IN"]], "no_phone"),
            (["data.shipping.phone": "1"], "phone_unusable"),
            (["data.createdAt": "2026-11-20T10:02:44Z"], "before_activation"),
        ] as [([String: any Sendable], String?)])
    func decisions(changes: [String: any Sendable], reason: String?) async throws {
        let bench = try await open()
        try take(bench, "order.created", changes)
        let requests = bench.staged.filter { $0.record.topic == bench.topology.name(Catalogue.requests) }
        let told = try skips(bench)
        #expect(requests.count == (reason == nil ? 1 : 0), "\(told)")
        #expect(told == [reason].compactMap { $0 })
    }

    @Test("the phone is the first usable one, read by the country of the address")
    func phones() async throws {
        let bench = try await open(settings: #"{"phoneSources": ["shipping", "billing", "customer"]}"#)
        try take(
            bench, "order.created",
            [
                "data.shipping": ["country": "DE", "phone": "call me"], "data.billing": ["phone": "0151 23456789"],
                "data.customer": ["phone": "+12025550147"],
            ])
        let subject = try #require(bench.staged.first { $0.incoming.header("otp-type") == "opened" })
            .record.decode(Subject.self)
        #expect(subject.platform == "orders" && subject.shop == Bench.source && subject.order == "1001")
        #expect(subject.phoneHash == bench.identity.phoneHash("+4915123456789"))
        #expect(subject.customerHash == nil)
    }

    @Test("a phone is read with its own address's country, the customer's with the shipping address's")
    func ownCountry() async throws {
        for (changes, e164) in [
            (["data.billing": ["phone": "01512/3456789", "country": "DE"]], "+4915123456789"),
            (["data.customer": ["phone": "0664 1234567"], "data.billing": ["country": "DE"]], "+436641234567"),
            (
                [
                    "data.shipping": ["country": "FR"], "data.customer": ["phone": "0151 23456789"],
                    "data.billing": ["country": "DE"],
                ], "+4915123456789"
            ),
        ] as [([String: Any?], String)] {
            let bench = try await open(settings: #"{"phoneSources": ["shipping", "billing", "customer"]}"#)
            try take(bench, "order.created", changes.merging(["data.shipping": ["country": "AT"]]) { own, _ in own })
            let subject = try #require(bench.staged.first { $0.incoming.header("otp-type") == "opened" })
                .record.decode(Subject.self)
            #expect(subject.phoneHash == bench.identity.phoneHash(e164))
        }
    }

    @Test("cash on delivery is what the event says, else what the gateway is called")
    func cashOnDelivery() async throws {
        for (changes, isAsked) in [
            (["data.cashOnDelivery": true], true), (["data.cashOnDelivery": false, "data.gateway": "COD"], false),
            (["data.cashOnDelivery": nil, "data.gateway": "Nachnahme"], true),
            (["data.cashOnDelivery": nil, "data.gateway": "card"], false), (["data.cashOnDelivery": nil], false),
        ] as [([String: Any?], Bool)] {
            let bench = try await open(settings: #"{"orders": "cod"}"#)
            try take(bench, "order.created", changes)
            let requests = bench.staged.filter { $0.record.topic == bench.topology.name(Catalogue.requests) }
            #expect(requests.count == (isAsked ? 1 : 0), "\(changes)")
        }
    }

    @Test("created, then fulfilled or cancelled: the verification is told")
    func course() async throws {
        let bench = try await open()
        try take(bench, "order.created")
        try take(bench, "order.updated", ["data.updatedAt": "2026-11-20T10:02:48Z"])
        #expect(bench.staged.filter { $0.record.topic == bench.topology.name(Catalogue.requests) }.count == 1)
        try take(bench, "order.cancelled", ["data.updatedAt": "2026-11-20T10:02:49Z"])
        let told = bench.staged.filter { $0.record.topic == bench.topology.name(Catalogue.attempts) }
        #expect(told.compactMap { $0.incoming.header("otp-type") } == ["opened", "order-cancelled"])
        #expect(bench.dead() == [])
    }

    @Test(
        "a signed event that can't be understood, stored by a door of before, is put aside with the place of its fault",
        arguments: [
            (["type": "order.sold"], "type: none of order.created, order.updated, order.cancelled, order.fulfilled"),
            (
                ["type": 1],
                "type: none of order.created, order.updated, order.cancelled, order.fulfilled"
            ), (["timestamp": "now"], "timestamp: no RFC 3339 time"),
            (["data": nil], "data: missing"), (["data.id": ["1"]], "data.id: must be a text"),
            (["data.id": "#1"], "data.id: must be 1 to 100 of a-zA-Z0-9._:/-"),
            (["data.createdAt": nil], "data.createdAt: missing"), (["data.shop": "x"], "data.shop: not a shop's name"),
            (["data.shop": "another.example.com"], "data.shop: not the source"),
            (
                ["data.total": ["amount": "12,50", "currency": "EUR"]],
                "data.total.amount: must be a decimal number, such as 12.50"
            ),
            (
                ["data.shipping.country": "Germany"],
                "data.shipping.country: must be a two-letter country code (ISO 3166-1)"
            ),
        ] as [([String: (any Sendable)?], String)])
    func malformed(changes: [String: (any Sendable)?], reason: String) async throws {
        let bench = try await open()
        bench.feed(try bench.stored(try Bench.event("order.created", changes)))
        #expect(bench.dead() == ["not an order event: \(reason)"])
    }

    @Test("what is no JSON is put aside too")
    func noJSON() async throws {
        let bench = try await open()
        for body in ["", "{", "[]", "7"] { bench.feed(try bench.stored(Array(body.utf8))) }
        #expect(bench.dead().count == 4 && bench.dead().allSatisfy { $0.hasPrefix("not an order event: ") })
    }

    @Test("an event that an older door stored as it came is read as one that came now")
    func older() async throws {
        let bench = try await open()
        bench.feed(try bench.stored(try Bench.event("order.created", ["data.secret": "gift for Ann"])))
        #expect(bench.staged.on(Catalogue.requests, bench).count == 1 && bench.dead() == [])
    }
}
