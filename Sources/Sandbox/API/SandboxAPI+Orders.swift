import Base
import FoundationEssentials
import HTTP
import Platforms

/// Placing and changing orders, and sending any webhook at all.
extension SandboxAPI {
    /// What a merchant may change about an order.
    private struct Change: Decodable {
        var phone: String?
        var addTags: [String]?
        var removeTags: [String]?
        var fulfilled: Bool?
        var paid: Bool?
        /// False: Ingest is not told.
        var webhook: Bool?
    }

    /// A webhook with any content, signed right unless `signature` says otherwise.
    private struct AnyWebhook: Decodable {
        var topic: String
        var shop: String
        var deliveryId: String?
        var eventId: String?
        var body: String?
        var bodyBase64: Data?
        var signature: String?
    }

    func addOrderRoutes(to router: inout Router) {
        on("GET", "/orders", &router) { _, _ in
            .json(["orders": .array(self.world.shopify.orders.prefix(100).map(\.summary))] as JSONTree)
        }
        on("POST", "/orders", &router) { request, _ throws(APIProblem) in
            try await self.place(try Self.decode(OrderDraft.self, request))
        }
        on("GET", "/orders/:id", &router) { _, parameters throws(APIProblem) in
            let order = try self.order(parameters)
            var json = order.summary
            json["timeline"] = .array(self.world.timeline(of: order).map(\.json))
            return .json(json)
        }
        on("GET", "/orders/:id/payload", &router) { _, parameters throws(APIProblem) in
            .bytes(try self.order(parameters).body.bytes, type: "application/json")
        }
        on("POST", "/orders/:id/cancel", &router) { _, parameters throws(APIProblem) in
            let id = try self.order(parameters).id
            guard let order = self.world.shopify.cancel(id, reason: "CUSTOMER") else {
                throw APIProblem(409, "The order is cancelled already.")
            }
            return self.answer(order, await self.world.shopify.deliver("orders/cancelled", order))
        }
        on("POST", "/orders/:id/update", &router) { request, parameters throws(APIProblem) in
            try await self.change(try self.order(parameters).id, try Self.decode(Change.self, request))
        }
        on("POST", "/webhooks", &router) { request, _ throws(APIProblem) in
            try await self.send(try Self.decode(AnyWebhook.self, request))
        }
    }

    private func place(_ draft: OrderDraft) async throws(APIProblem) -> HTTPResponse {
        guard let domain = ShopDomain.validate(draft.shop), world.shopify.hasShop(domain) else {
            throw APIProblem(409, "That shop is not registered yet: POST /sandbox/api/shops first.")
        }
        var draft = draft
        draft.shop = domain
        let order = world.shopify.place(draft)
        guard draft.webhook ?? true else { return .json(order.summary, status: 201) }
        return answer(order, await world.shopify.deliver("orders/create", order), status: 201)
    }

    private func change(_ id: Int64, _ change: Change) async throws(APIProblem) -> HTTPResponse {
        let changed = world.shopify.change(id) { order in
            order.addTags(change.addTags ?? [])
            order.removeTags(change.removeTags ?? [])
            if change.fulfilled == true { order.fulfillment = "FULFILLED" }
            if change.paid == true { order.financial = "PAID" }
            if let phone = change.phone {
                order.phone = phone
                order.placed["shipping_address"]?["phone"] = .string(phone)
            }
        }
        guard let order = changed else { throw APIProblem(404, "There is no such order in the sandbox.") }
        world.journal.write("shop", "order.changed", order: order.gid, phone: order.phone, "changed by the merchant")
        let isPaid = change.paid == true && change.webhook ?? true
        if isPaid { _ = await world.shopify.deliver("orders/paid", order) }
        guard change.webhook ?? true else { return .json(order.summary) }
        return answer(order, await world.shopify.deliver("orders/updated", order))
    }

    private func send(_ webhook: AnyWebhook) async throws(APIProblem) -> HTTPResponse {
        guard let body = webhook.body.map({ Array($0.utf8) }) ?? webhook.bodyBase64.map({ Array($0) }) else {
            throw APIProblem(400, "body or bodyBase64 is missing")
        }
        let order = JSONTree(parsing: body)?["admin_graphql_api_id"]?.string
        return .json(
            await world.shopify.webhooks.send(
                WebhookSender.Delivery(
                    topic: webhook.topic, shop: webhook.shop, body: body, deliveryId: webhook.deliveryId,
                    eventId: webhook.eventId, order: order, signature: webhook.signature)))
    }

    private func answer(_ order: StandInOrder, _ receipt: WebhookSender.Receipt, status: Int = 200) -> HTTPResponse {
        var json = order.summary
        json["webhook"] = [
            "deliveryId": .string(receipt.deliveryId), "detail": .optional(receipt.detail),
            "status": receipt.status.map { .integer(Int64($0)) } ?? .null,
        ]
        return .json(json, status: status)
    }
}
