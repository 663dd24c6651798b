/// The GraphQL documents we send, checked in a test against Shopify's schema of 2026-04. `name` is what the answer's
/// `data` holds.
public struct ShopifyOperation: Sendable, Equatable {
    /// `tagsAdd`, the field of `data`.
    public let name: String
    public let document: String
    /// What Shopify will ask for it (`requestedQueryCost`), to pace before the first answer.
    public let cost: Double

    public static let order = ShopifyOperation(
        name: "order",
        document: """
            query OrderForOtp($id: ID!) { order(id: $id) { id cancelledAt tags note displayFinancialStatus \
            displayFulfillmentStatus } }
            """,
        cost: 1)

    public static let job = ShopifyOperation(
        name: "job", document: "query J($id: ID!) { job(id: $id) { id done } }", cost: 1)

    public static let tagsAdd = ShopifyOperation(
        name: "tagsAdd",
        document: """
            mutation TagOrder($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id } \
            userErrors { field message } } }
            """,
        cost: 10)

    public static let tagsRemove = ShopifyOperation(
        name: "tagsRemove",
        document: """
            mutation UntagOrder($id: ID!, $tags: [String!]!) { tagsRemove(id: $id, tags: $tags) { node { id } \
            userErrors { field message } } }
            """,
        cost: 10)

    public static let orderUpdate = ShopifyOperation(
        name: "orderUpdate",
        document: """
            mutation NoteOrder($input: OrderInput!) { orderUpdate(input: $input) { order { id } \
            userErrors { field message } } }
            """,
        cost: 10)

    public static let orderCancel = ShopifyOperation(
        name: "orderCancel",
        document: """
            mutation CancelOrder($orderId: ID!, $reason: OrderCancelReason!, \
            $refundMethod: OrderCancelRefundMethodInput, $restock: Boolean!, $notifyCustomer: Boolean, \
            $staffNote: String) { orderCancel(orderId: $orderId, reason: $reason, refundMethod: $refundMethod, \
            restock: $restock, notifyCustomer: $notifyCustomer, staffNote: $staffNote) { job { id done } \
            orderCancelUserErrors { field message code } } }
            """,
        cost: 10)

    public static let all = [order, job, tagsAdd, tagsRemove, orderUpdate, orderCancel]
}
