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
    /// Twice the time a merchant has to answer.
    static let dataRequestMs: Int64 = 60 * 24 * 3_600_000

    func privacyRequest(
        _ delivery: Delivery, _ kind: ShopifyPrivacyRequest.Kind
    ) throws(WireProblem) -> ShopifyPrivacyRequest {
        let request = try Self.understand(delivery.body, ShopifyPrivacyRequest.decode)
        guard request.kind == kind else {
            throw WireProblem("the body does not fit its topic: another privacy request")
        }
        guard request.domain == delivery.shop else { throw WireProblem("the body names another shop") }
        return request
    }

    /// Asks for the erasure of everything of one customer's at this shop: by number, by customer, by the orders named.
    func redact(
        _ request: ShopifyPrivacyRequest, _ installation: inout ShopRecord.Installation, _ delivery: Delivery
    ) -> StagedRecord {
        let hashes = phoneHashes(request.phone, delivery.known)
        let customer = request.customerId.map { setup.identity.customerHash(shop: delivery.shop, customer: $0) }
        installation.care?.dataRequests?.removeAll { kept in
            (customer != nil && kept.customerHash == customer)
                || hashes.contains(where: kept.phoneHashes.contains)
                || request.orders.contains(where: kept.orders.contains)
        }
        // The id is the message's place in the log: a replay asks for the same.
        let id = "\(delivery.shop)/\(delivery.record.offset)"
        let erasure = ErasureRequest(
            id: id, shop: delivery.shop, phoneHashes: hashes, customerHash: customer, orders: request.orders,
            requestedAt: delivery.now)
        forgetCustomers(shop: delivery.shop, phoneHashes: hashes, customerHash: customer, orders: request.orders)
        tally.add(setup.metrics.erasures)
        return StagedRecord(.effect, erasure.record(setup.topology))
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
