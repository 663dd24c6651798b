import Kafka
import Model
import Pipeline

extension IngestLogic {
    /// The door merged the patch with what the record showed then: where another put came between, it will merge again.
    /// What else became of the shop since (its token, its profile, where it ships to) stays.
    func take(_ patch: WebhookMessage.ShopPatch, _ shop: String, _ record: IncomingRecord) -> [StagedRecord] {
        guard let known = changeable(shop, version: patch.shopVersion, record) else { return [] }
        guard known.putId == patch.over, var installation = known.installation else {
            tally.add(setup.metrics.replays)
            return []
        }
        installation.plan = patch.plan ?? installation.plan
        installation.settings = patch.settings ?? installation.settings
        installation.webhookSecrets = patch.webhookSecrets ?? installation.webhookSecrets
        var next = known
        next.installation = installation
        next.putId = patch.putId
        next.applied = record.offset
        shops.set(shop, next)
        if known.installation?.settings.skipVerified == true, installation.settings.skipVerified != true {
            forgetCustomers(of: shop)
        }
        return []
    }
}
