import Base
import HTTP
import Security
import Synchronization

/// A stand-in for Shopify: shops with their tokens, orders, the Admin API's operations we use, and the webhooks that
/// follow from changes. Everything is in memory; the last 5,000 orders are kept.
final class StandInShopify: Sendable {
    /// How long things take, so that tests need not wait.
    struct Pace: Sendable {
        /// From the answer to orderCancel to the end of its job.
        var cancelJob: Duration = .milliseconds(400)
        /// From a change to the webhook about it.
        var echo: Duration = .milliseconds(100)
        var hang: Duration = .seconds(60)
    }

    struct State {
        var shops: [String: StandInShop] = [:]
        var orders: [Int64: StandInOrder] = [:]
        /// Ids in the order they were placed.
        var placed: [Int64] = []
        /// Cancel jobs, and whether they are done.
        var jobs: [String: Bool] = [:]
        var codes: [String: Code] = [:]
        var faults: [ShopifyFault] = []
        var nextNumber = 1101
    }

    static let capacity = 5000

    let pace: Pace
    let clientId: String
    /// What an app that Shopify installs by itself was configured to ask for.
    let managedScopes = ["read_orders", "write_orders"]
    let state = Mutex(State())
    let webhooks: WebhookSender
    let errands: Errands
    let journal: Journal
    let now: @Sendable () -> Int64
    /// Ids go up from here, so that a sandbox started again does not use old ones.
    private let firstId: Int64

    init(
        pace: Pace = Pace(), clientId: String = "sandbox-client-id", webhooks: WebhookSender, errands: Errands,
        journal: Journal,
        now: @escaping @Sendable () -> Int64
    ) {
        self.pace = pace
        self.clientId = clientId
        self.webhooks = webhooks
        self.errands = errands
        self.journal = journal
        self.now = now
        firstId = 6_500_000_000_000 + now() / 1000 % 100_000_000 * 1000
    }

    // MARK: Shops

    var shops: [StandInShop] { state.withLock { $0.shops.values.sorted { $0.domain < $1.domain } } }

    /// The shop, made with a token of its own when it is new.
    ///
    /// - Parameter otherName: its second name; nil leaves it as it is.
    func openShop(_ domain: String, token: String?, settings: JSONTree, otherName: String? = nil) -> StandInShop {
        state.withLock { state in
            var shop =
                state.shops[domain]
                ?? StandInShop(
                    domain: domain, accessToken: Secret(text: RandomName.make("shpat_")), settings: settings,
                    bucket: CostBucket(now: now()))
            if let otherName { shop.otherName = otherName }
            if let token { shop.accessToken = Secret(text: token) }
            shop.settings = settings
            state.shops[domain] = shop
            return shop
        }
    }

    func hasShop(_ domain: String) -> Bool { state.withLock { $0.shops[domain] != nil } }

    // MARK: Orders

    /// Newest first.
    var orders: [StandInOrder] {
        state.withLock { state in state.placed.reversed().compactMap { state.orders[$0] } }
    }

    func order(_ id: Int64) -> StandInOrder? { state.withLock { $0.orders[id] } }

    func place(_ draft: OrderDraft) -> StandInOrder {
        let order = state.withLock { state in
            let order = OrderTemplate.make(
                draft, shopName: state.shops[draft.shop]?.otherName ?? draft.shop,
                id: firstId + Int64(state.nextNumber), number: state.nextNumber, now: now())
            state.nextNumber += 1
            state.orders[order.id] = order
            state.placed.append(order.id)
            if state.placed.count > Self.capacity { state.orders[state.placed.removeFirst()] = nil }
            return order
        }
        journal.write(
            "shop", "order.placed", order: order.gid, phone: order.phone, "\(order.name) placed at \(order.shop)")
        return order
    }

    /// Changes an order; nil when there is none.
    func change(_ id: Int64, _ body: (inout StandInOrder) -> Void) -> StandInOrder? {
        let time = now()
        return state.withLock { state in
            guard var order = state.orders[id] else { return nil }
            body(&order)
            order.updatedAt = time
            state.orders[id] = order
            return order
        }
    }

    /// The order is cancelled now, whoever did it; nil when it already was, or is not there.
    func cancel(_ id: Int64, reason: String) -> StandInOrder? {
        let time = now()
        var isNew = false
        let order = change(id) { order in
            guard order.cancelledAt == nil else { return }
            isNew = true
            order.cancelledAt = time
            order.cancelReason = reason.lowercased()
            order.financial = order.financial == "PAID" ? "REFUNDED" : "VOIDED"
        }
        guard isNew, let order else { return nil }
        journal.write(
            "shop", "order.cancelled", order: order.gid, "\(order.name) cancelled (\(order.cancelReason ?? ""))")
        return order
    }

    // MARK: Webhooks

    func deliver(_ topic: String, _ order: StandInOrder, deliveryId: String? = nil) async -> WebhookSender.Receipt {
        await webhooks.send(
            WebhookSender.Delivery(
                topic: topic, shop: order.shop, body: order.body.bytes, deliveryId: deliveryId, order: order.gid))
    }

    /// Tells Ingest of a change made through the Admin API, as Shopify does, a little later and once.
    func echo(_ topics: [String], _ id: Int64) {
        errands.run(after: pace.echo) {
            for topic in topics {
                guard let order = self.order(id) else { return }
                _ = await self.deliver(topic, order)
            }
        }
    }

    // MARK: Faults

    var faults: [ShopifyFault] { state.withLock { $0.faults } }

    func add(_ fault: ShopifyFault) { state.withLock { $0.faults.append(fault) } }
    func clearFaults() { state.withLock { $0.faults = [] } }
}
