import Kafka
import Model
import Pipeline
import Platforms
import Security

extension IngestLogic {
    /// Makes a data key for a shop that has none.
    func take(
        _ request: WebhookMessage.ShopKeyRequest, _ shop: String, _ record: IncomingRecord
    ) throws(WireProblem) -> [StagedRecord] {
        guard request.platform == ShopName.platform(of: shop) else {
            throw WireProblem("the platform is not that of the shop's name")
        }
        guard shops[shop] == nil else { return [] }
        let key = setup.keyring.current
        shops.set(
            shop,
            ShopRecord(
                platform: request.platform, version: record.offset,
                wrappedKey: Sealed(DataKey.generate().wrapped(by: key, shop: shop)), keyId: key.id,
                putId: request.putId, applied: record.offset))
        return []
    }

    /// What was sealed for a key that is gone can't be used: the door's caller will have seen a 503.
    func take(_ put: WebhookMessage.ShopPut, _ shop: String, _ record: IncomingRecord) -> [StagedRecord] {
        guard let known = changeable(shop, version: put.shopVersion, record) else { return [] }
        shops.set(
            shop,
            known.installed(
                accessToken: put.accessToken, plan: put.plan, shopifyPlan: put.shopifyPlan, settings: put.settings,
                webhookSecrets: put.webhookSecrets, putId: put.putId, now: record.timestamp, offset: record.offset))
        if known.installation?.settings.skipVerified == true, put.settings.skipVerified != true {
            forgetCustomers(of: shop)
        }
        return []
    }

    /// Takes the shop's key away, and with it what stands sealed anywhere. What stands in the clear gets its tombstones
    /// after it: records and outcomes by an erasure, counts, the ledger, numbers verified and skipped outcomes by this
    /// daemon's own hand, a bounded number at a time.
    func removeShop(_ shop: String, _ record: IncomingRecord) -> [StagedRecord] {
        guard let known = shops[shop], known.applied < record.offset else { return [] }
        shops.set(shop, nil)
        backlog.add(leftovers(of: shop))
        tally.add(setup.metrics.erasures)
        let erasure = ErasureRequest(
            id: "\(shop)/\(record.offset)", shop: shop, phoneHashes: [], customerHash: nil, orders: [],
            requestedAt: record.timestamp, everything: true)
        return [StagedRecord(.effect, erasure.record(setup.topology))]
    }

    /// Also for an order that was requested later on: `no_phone` may have been told before.
    func skippedTombstone(_ key: OrderKey) -> OutgoingRecord {
        let token = setup.identity.token(
            platform: ShopName.platform(of: key.shop), shop: key.shop, order: key.order)
        let event = OutcomeRecord.eventId(VerificationID(token.verificationId), .skipped)
        return OutgoingRecord(
            topic: setup.topology.name(Catalogue.outcomes), partition: setup.topology.partition(of: key.shop),
            key: Array("\(key.shop)/\(event)".utf8), value: nil)
    }
}
