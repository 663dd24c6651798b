import Kafka
import Model
import Pipeline
import Platforms

/// The platform's privacy topics: what a customer's wish becomes.
extension IngestLogic {
    /// Requests kept for the export; the oldest go first.
    static let dataRequestsKept = 100

    /// Orders kept of one request.
    static let dataRequestOrders = 250
    /// Of all that is kept of them, so that a shop's row never outgrows its topic: far below what that takes.
    static let dataRequestBytes = 128 << 10
    /// Twice the time a merchant has to answer.
    static let dataRequestMs: Int64 = 60 * 24 * 3_600_000

    func privacyRequest(
        _ delivery: Delivery, _ kind: ShopifyPrivacyRequest.Kind
    ) throws(WireProblem) -> ShopifyPrivacyRequest {
        let request = try Self.understand(delivery.body, ShopifyPrivacyRequest.decode)
        guard request.kinds.contains(kind) else {
            throw WireProblem("the body does not fit its topic: another privacy request")
        }
        guard believes(domain: request.domain, gid: request.shopGid, delivery.known.installation, delivery.shop) else {
            throw WireProblem("the body names another shop")
        }
        return request
    }

    /// Asks for the erasure of everything of one customer's at this shop: by number, by customer, by the orders named.
    func redact(
        _ request: ShopifyPrivacyRequest, _ installation: inout ShopRecord.Installation, _ delivery: Delivery
    ) -> [StagedRecord] {
        let hashes = phoneHashes(request.phone, delivery.known)
        let customer = request.customerId.map { setup.identity.customerHash(shop: delivery.shop, customer: $0) }
        let orders = Set(request.orders)
        installation.care?.dataRequests?.removeAll { kept in
            (customer != nil && kept.customerHash == customer)
                || hashes.contains(where: kept.phoneHashes.contains) || kept.orders.contains(where: orders.contains)
        }
        // The id is the message's place in the log: a replay asks for the same.
        let id = "\(delivery.shop)/\(delivery.record.offset)"
        let erasure = ErasureRequest(
            id: id, shop: delivery.shop, phoneHashes: hashes, customerHash: customer, orders: request.orders,
            requestedAt: delivery.now)
        forgetCustomers(shop: delivery.shop, phoneHashes: hashes, customerHash: customer, orders: request.orders)
        tally.add(setup.metrics.erasures)
        return erasure.parts().map { StagedRecord(.effect, $0.record(setup.topology)) }
    }

    /// Kept for the merchant to answer from.
    func note(
        _ request: ShopifyPrivacyRequest, _ installation: inout ShopRecord.Installation, _ delivery: Delivery
    ) {
        let entry = ShopCare.DataRequest(
            id: request.requestId ?? String(delivery.record.offset),
            customerHash: request.customerId.map { setup.identity.customerHash(shop: delivery.shop, customer: $0) },
            phoneHashes: phoneHashes(request.phone, delivery.known),
            orders: Array(request.orders.suffix(Self.dataRequestOrders)), requestedAt: delivery.now)
        let kept = (installation.care?.dataRequests ?? []).filter {
            $0.id != entry.id && delivery.now - $0.requestedAt < Self.dataRequestMs
        }
        let all = kept + [entry]
        installation.care?.dataRequests = Array(all.suffix(Self.dataRequestsKept))
    }

    /// Leaves out the oldest of what customers asked for until the rest fits: a row that its topic refused would take a
    /// renewed token with it. Rows of before this bound are met when they change next.
    func fitDataRequests(of shop: String) {
        guard var next = shops[shop], let kept = next.installation?.care?.dataRequests, !kept.isEmpty else { return }
        var bytes = 0
        let fitting = kept.reversed().prefix { request in
            bytes += request.bytes
            return bytes <= Self.dataRequestBytes
        }
        guard fitting.count < kept.count else { return }
        next.installation?.care?.dataRequests = fitting.reversed()
        shops.set(shop, next)
        let dropped = kept.count - fitting.count
        tally.add { [metrics = setup.metrics, log = setup.log] in
            metrics.dataRequestsDropped.add(dropped)
            log.warning(
                "a shop's record has no room for its customers' oldest requests for their data",
                [("shop", .text(shop)), ("dropped", .number(dropped))])
        }
    }

    /// The number as typed has no country: every country the shop ships to is tried. One hash too many finds nothing.
    private func phoneHashes(_ raw: String?, _ shop: ShopRecord) -> [String] {
        guard let raw else { return [] }
        let countries: [String?] = [nil] + (shop.shipsTo ?? []).map { $0 }
        let numbers = countries.compactMap { country in
            if case .success(let number) = PhoneNumber.normalise(raw, country: country) { number.e164 } else { nil }
        }
        return Set(numbers.map(setup.identity.phoneHash)).sorted()
    }
}

extension ShopCare.DataRequest {
    /// About what it takes in a row.
    fileprivate var bytes: Int {
        ([id, customerHash ?? ""] + phoneHashes + orders).reduce(100) { $0 + $1.utf8.count + 3 }
    }
}
