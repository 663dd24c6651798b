import Base
import HTTP

/// Shopify's Admin GraphQL API as a `ShopAdmin`.
public enum ShopifyAdmin {
    /// - Parameters:
    ///   - baseURL: `https://{shop}`; `{shop}` becomes the shop's domain.
    ///   - version: `2026-10`.
    ///   - now: ms since 1970, for pacing and `Retry-After`.
    public static func make(
        http: HTTPClient, baseURL: String = "https://{shop}", version: String = "2026-10",
        deadline: Duration = .seconds(10), now: @escaping @Sendable () -> Int64 = Clock.system.now
    ) -> ShopAdmin {
        let client = ShopifyClient(http: http, baseURL: baseURL, version: version, deadline: deadline, now: now)
        return ShopAdmin(
            order: { shop, gid throws(ShopAdminError) in try await order(client, shop, gid) },
            addTags: { shop, gid, tags throws(ShopAdminError) in
                try await change(client, .tagsAdd, shop, ShopifyWire.Tags(id: gid, tags: tags))
            },
            removeTags: { shop, gid, tags throws(ShopAdminError) in
                try await change(client, .tagsRemove, shop, ShopifyWire.Tags(id: gid, tags: tags))
            },
            setNote: { shop, gid, note throws(ShopAdminError) in
                try await change(client, .orderUpdate, shop, ShopifyWire.Note(input: .init(id: gid, note: note)))
            },
            cancel: { shop, order throws(ShopAdminError) in try await cancel(client, shop, order) },
            jobDone: { shop, id throws(ShopAdminError) in
                let answer = try await client.call(.job, shop, ShopifyWire.Id(id: id), as: ShopifyWire.Job.self)
                // Jobs are forgotten after a while: one that is gone has ended.
                return answer.field?.done ?? true
            })
    }

    private static func order(
        _ client: ShopifyClient, _ shop: ShopRef, _ gid: String
    ) async throws(ShopAdminError) -> OrderSnapshot? {
        let answer = try await client.call(.order, shop, ShopifyWire.Id(id: gid), as: ShopifyWire.Order.self)
        guard let order = answer.field else { return nil }
        var cancelledAt: Int64?
        if let text = order.cancelledAt {
            guard let time = RFC3339.milliseconds(text) else {
                throw ShopAdminError(.transient, message: "order: cancelledAt is no time", requestId: answer.requestId)
            }
            cancelledAt = time
        }
        return OrderSnapshot(
            gid: order.id, cancelledAt: cancelledAt, fulfillment: order.displayFulfillmentStatus,
            financial: order.displayFinancialStatus, tags: order.tags, note: order.note)
    }

    private static func change(
        _ client: ShopifyClient, _ operation: ShopifyOperation, _ shop: ShopRef, _ variables: some Encodable
    ) async throws(ShopAdminError) {
        let answer = try await client.call(operation, shop, variables, as: ShopifyWire.Changed.self)
        try check(answer.field?.userErrors, operation, answer.requestId)
    }

    private static func cancel(
        _ client: ShopifyClient, _ shop: ShopRef, _ cancellation: OrderCancellation
    ) async throws(ShopAdminError) -> CancelJob {
        let variables = ShopifyWire.Cancel(
            orderId: cancellation.orderGid, reason: cancellation.reason.rawValue,
            refundMethod: .init(originalPaymentMethodsRefund: cancellation.refund), restock: cancellation.restock,
            notifyCustomer: cancellation.notifyCustomer,
            staffNote: cancellation.staffNote.map { String($0.prefix(255)) })
        let answer = try await client.call(.orderCancel, shop, variables, as: ShopifyWire.Cancelled.self)
        // There is no code for "already cancelled": the order itself tells.
        if answer.field?.orderCancelUserErrors.contains(where: { $0.code == "INVALID" }) == true,
            try await order(client, shop, cancellation.orderGid)?.isCancelled == true
        {
            return CancelJob(id: nil, done: true)
        }
        try check(answer.field?.orderCancelUserErrors, .orderCancel, answer.requestId)
        guard let job = answer.field?.job else {
            throw ShopAdminError(.transient, message: "orderCancel: no job", requestId: answer.requestId)
        }
        return CancelJob(id: job.id, done: job.done)
    }

    private static func check(
        _ errors: [ShopifyWire.UserError]?, _ operation: ShopifyOperation, _ requestId: String?
    ) throws(ShopAdminError) {
        guard let errors else {
            throw ShopAdminError(.transient, message: "\(operation.name): null", requestId: requestId)
        }
        guard let first = errors.first else { return }
        throw ShopAdminError(
            first.code == "INTERNAL_ERROR" ? .transient : .business(message: first.message, code: first.code),
            message: "\(operation.name): \(first.code ?? "refused by the shop")", requestId: requestId)
    }
}
