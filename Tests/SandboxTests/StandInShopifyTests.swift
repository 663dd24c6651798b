import Base
import Foundation
import HTTP
import Platforms
import Security
import Testing

@testable import Sandbox

@Suite("The stand-in Shopify")
struct StandInShopifyTests {
    private static let order = ShopifyOperation.order.document
    private static let tagsAdd = ShopifyOperation.tagsAdd.document

    @Test("opens only with the shop's own token")
    func token() async throws {
        try await TestWorld.run { test in
            let order = try await test.order()
            let wrong = try await test.graphQL(Self.order, ["id": .string(order.gid)], token: "shpat_wrong")
            #expect(wrong.status == 401)
            let gone = try await test.graphQL(
                Self.order, ["id": .string(order.gid)], token: order.token, shop: "other.myshopify.com")
            #expect(gone.status == 404)
        }
    }

    @Test("answers our client as Shopify does: order, tags, note, cancellation and its job")
    func ourClient() async throws {
        try await TestWorld.run { test in
            let order = try await test.order()
            let admin = ShopifyAdmin.make(http: test.http, baseURL: test.base + "/shopify/{shop}")
            let shop = ShopRef(domain: TestWorld.shop, accessToken: Secret(text: order.token))
            let before = try #require(try await admin.order(shop, order.gid))
            #expect(before.tags.isEmpty && before.note == nil && !before.isCancelled)
            #expect(before.fulfillment == "UNFULFILLED" && before.financial == "PENDING")

            try await admin.addTags(shop, order.gid, ["otp-verified", "b"])
            try await admin.addTags(shop, order.gid, ["OTP-Verified"])
            try await admin.removeTags(shop, order.gid, ["B"])
            try await admin.setNote(shop, order.gid, "phone verified")
            let job = try await admin.cancel(shop, OrderCancellation(orderGid: order.gid, staffNote: "late"))
            #expect(job.done == false)
            let id = try #require(job.id)
            var isDone = false
            for _ in 0..<200 where !isDone {
                isDone = try await admin.jobDone(shop, id)
                if !isDone { try await Task.sleep(for: .milliseconds(5)) }
            }
            #expect(isDone)
            let after = try #require(try await admin.order(shop, order.gid))
            #expect(after.tags == ["otp-verified"])
            #expect(after.note == "phone verified")
            #expect(after.isCancelled)
            let again = try await admin.cancel(shop, OrderCancellation(orderGid: order.gid))
            #expect(again == CancelJob(id: nil, done: true))
            #expect(try await admin.order(shop, "gid://shopify/Order/1") == nil)
        }
    }

    @Test("tells its cost, and spends the shop's points")
    func cost() async throws {
        try await TestWorld.run { test in
            let order = try await test.order()
            let variables: JSONTree = ["id": .string(order.gid), "tags": ["x"]]
            let answer = try await test.graphQL(Self.tagsAdd, variables, token: order.token)
            let cost = answer.json["extensions"]?["cost"]
            #expect(cost?["requestedQueryCost"] == 10)
            #expect(cost?["actualQueryCost"] == 10)
            #expect(cost?["throttleStatus"]?["maximumAvailable"] == 2000)
            #expect(cost?["throttleStatus"]?["restoreRate"] == 100)
            #expect(cost?["throttleStatus"]?["currentlyAvailable"] == 1990)
            #expect(answer.headers["X-Request-Id"]?.count == 36)
        }
    }

    @Test("throttles on demand, as an answer 200 without data")
    func throttle() async throws {
        try await TestWorld.run { test in
            let order = try await test.order()
            #expect(try await test.api("POST", "/shopify/throttle", ["times": 2]).status == 204)
            for _ in 0..<2 {
                let answer = try await test.graphQL(Self.order, ["id": .string(order.gid)], token: order.token)
                #expect(answer.status == 200)
                #expect(answer.json["data"] == nil)
                let error = answer.json["errors"]?.array?.first
                #expect(error?["extensions"]?["code"] == "THROTTLED")
                #expect(answer.json["extensions"]?["cost"]?["actualQueryCost"] == .null)
            }
            let answer = try await test.graphQL(Self.order, ["id": .string(order.gid)], token: order.token)
            #expect(answer.json["data"]?["order"]?["id"]?.string == order.gid)
        }
    }

    @Test("fails on demand: user errors, statuses and hangs")
    func faults() async throws {
        try await TestWorld.run { test in
            let order = try await test.order()
            let variables: JSONTree = ["id": .string(order.gid), "tags": ["x"]]
            _ = try await test.api(
                "POST", "/shopify/failures",
                ["mode": "userError", "operation": "tagsAdd", "message": "no", "times": 1])
            let refused = try await test.graphQL(Self.tagsAdd, variables, token: order.token)
            #expect(refused.json["data"]?["tagsAdd"]?["userErrors"]?.array?.first?["message"] == "no")
            _ = try await test.api("POST", "/shopify/failures", ["mode": "status", "status": 402, "times": 1])
            #expect(try await test.graphQL(Self.tagsAdd, variables, token: order.token).status == 402)
            #expect(test.world.shopify.order(order.id)?.tags.isEmpty == true)
            #expect(try await test.graphQL(Self.tagsAdd, variables, token: order.token).status == 200)
            #expect(test.world.shopify.order(order.id)?.tags == ["x"])
        }
    }

    @Test("says what it does not know")
    func unknown() async throws {
        try await TestWorld.run { test in
            let order = try await test.order()
            let answer = try await test.graphQL("{ products(first: 1) { id } }", [:], token: order.token)
            #expect(answer.json["errors"]?.array?.first?["extensions"]?["code"] == "undefinedField")
            let noOrder = try await test.graphQL(Self.tagsAdd, ["id": "gid://shopify/Order/1"], token: order.token)
            #expect(noOrder.json["data"]?["tagsAdd"]?["userErrors"]?.array?.first?["message"] == "Invalid id")
            let garbage = try await test.graphQL("", [:], token: order.token)
            #expect(garbage.status == 400)
        }
    }

    @Test("echoes tags and cancellations as signed webhooks")
    func echoes() async throws {
        try await TestWorld.run { test in
            let order = try await test.order()
            _ = try await test.graphQL(Self.tagsAdd, ["id": .string(order.gid), "tags": ["x"]], token: order.token)
            let updated = try await test.daemons.requests(on: "/webhooks/shopify", atLeast: 2)
            #expect(updated.map { $0.headers["X-Shopify-Topic"] } == ["orders/create", "orders/updated"])
            #expect(JSONTree(parsing: updated[1].body)?["tags"] == "x")
            let cancel: JSONTree = ["orderId": .string(order.gid), "reason": "OTHER", "restock": true]
            _ = try await test.graphQL(ShopifyOperation.orderCancel.document, cancel, token: order.token)
            let all = try await test.daemons.requests(on: "/webhooks/shopify", atLeast: 4)
            let topics = all.dropFirst(2).map { $0.headers["X-Shopify-Topic"] }
            #expect(topics == ["orders/cancelled", "orders/updated"])
            #expect(JSONTree(parsing: all[2].body)?["cancelled_at"]?.string?.isEmpty == false)
            for webhook in all {
                let signature = ShopifyDelivery.signature(webhook.headers)
                #expect(
                    ShopifyWebhook.verify(
                        body: webhook.body, signature: signature, secrets: [Secret(text: TestWorld.secret)]))
                let delivery = try ShopifyDelivery(webhook.headers)
                #expect(delivery.shopDomain == TestWorld.shop)
            }
        }
    }

    @Test("keeps fields of orders from an app that may not see them, by scopes or on demand, and says so")
    func accessDenied() async throws {
        try await TestWorld.run { test in
            let order = try await test.order()
            let reading = ShopifyReading.make(http: test.http, baseURL: test.base + "/shopify/{shop}")
            let shop = ShopRef(domain: TestWorld.shop, accessToken: Secret(text: order.token))
            let wanted = ChangedOrders(since: 0, until: 4_000_000_000_000)
            #expect(try await reading.orders(shop, wanted).denied == [])
            let fault: JSONTree = ["mode": "refuseField", "operation": "orders", "times": 1]
            #expect(try await test.api("POST", "/shopify/failures", fault).status == 201)
            let page = try await reading.orders(shop, wanted)
            #expect(page.count == 1 && page.denied == ["customer"])
            let all: JSONTree = ["mode": "refuseField", "operation": "orders", "field": "orders", "times": 1]
            #expect(try await test.api("POST", "/shopify/failures", all).status == 201)
            await #expect(throws: ShopAdminError.self) { try await reading.orders(shop, wanted) }

            let granted = test.world.shopify.grantForTests(TestWorld.shop, ["read_orders", "write_orders"])
            let own = ShopRef(domain: TestWorld.shop, accessToken: granted)
            #expect(try await reading.orders(own, wanted).denied == ["customer"])
            var modest = wanted
            modest.scopes = ["read_orders", "write_orders"]
            #expect(try await reading.orders(own, modest).denied == [])
        }
    }

    @Test("a shop may have a second name, which its orders' pages are under and which it says of itself")
    func secondName() async throws {
        try await TestWorld.run { test in
            let body: JSONTree = ["shop": .string(TestWorld.shop), "otherName": "a1b2c3-4d.myshopify.com"]
            _ = try await test.api("POST", "/shops", body)
            let order = try await test.order()
            let placed = try ShopifyOrder.decode(try #require(test.world.shopify.order(order.id)).body.bytes)
            #expect(placed.shopDomain == "a1b2c3-4d.myshopify.com")
            let reading = ShopifyReading.make(http: test.http, baseURL: test.base + "/shopify/{shop}")
            let said = try await reading.shop(ShopRef(domain: TestWorld.shop, accessToken: Secret(text: order.token)))
            #expect(said.domain == "a1b2c3-4d.myshopify.com" && said.profile.id == placed.shopGid)
        }
    }
}

extension StandInShopify {
    /// A token of the shop's own grant.
    fileprivate func grantForTests(_ shop: String, _ scopes: [String]) -> Secret {
        let time = now()
        return state.withLock { $0.shops[shop]?.grants.grant(scopes, now: time).access } ?? Secret(text: "")
    }
}
