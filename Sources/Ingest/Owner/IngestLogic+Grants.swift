import Kafka
import Model
import Pipeline

/// How a shop comes to its token without an operator, and what the owner's own calls with it have learned.
extension IngestLogic {
    /// The merchant installed the app, or granted anew. What was sealed for a key that is gone can't be used: the
    /// door's caller will have seen a 503.
    func take(_ install: WebhookMessage.ShopInstall, _ shop: String, _ record: IncomingRecord) -> [StagedRecord] {
        guard let known = changeable(shop, version: install.shopVersion, record) else { return [] }
        let before = known.installation
        var next = known.installed(
            accessToken: install.grant.accessToken, plan: before?.plan ?? .starter, shopifyPlan: before?.shopifyPlan,
            settings: before?.settings ?? ShopSettings(), putId: install.putId, now: record.timestamp,
            offset: record.offset)
        next.installation?.grant = ShopGrant(install.grant, number: record.offset)
        shops.set(shop, next)
        return []
    }

    /// A report about a token that is no longer the shop's says nothing.
    func take(_ report: WebhookMessage.ShopReport, _ shop: String, _ record: IncomingRecord) -> [StagedRecord] {
        guard let known = shops[shop], known.version == report.shopVersion, known.applied < record.offset,
            var installation = known.installation, installation.grant?.number == report.grantNumber,
            report.grantNumber != nil || report.putId == known.putId
        else {
            tally.add(setup.metrics.replays)
            return []
        }
        var care = installation.care ?? ShopCare()
        switch report.news {
        case .refreshed(let grant):
            var renewed = ShopGrant(grant, number: record.offset)
            renewed.previous = ShopGrant.Pair(
                accessToken: installation.accessToken, refreshToken: installation.grant?.refreshToken)
            installation.accessToken = grant.accessToken
            installation.grant = renewed
        case .alive(let profile, let shopifyPlan):
            var profile = profile
            profile.updatedAt = report.askedAt
            installation.profile = profile
            installation.shopifyPlan = shopifyPlan ?? installation.shopifyPlan
            installation.grant?.previous = nil
            care.refusedSince = nil
            // What was asked before the word came, or so soon that the token may not have been taken away yet, is no
            // answer to it.
            if let told = care.uninstallToldAt, report.askedAt >= told + ShopCare.doubtMs { care.uninstallToldAt = nil }
            care.checkedAt = record.timestamp
        case .refused:
            if care.uninstallToldAt != nil { return removeShop(shop, record) }
            let since = care.refusedSince ?? record.timestamp
            if record.timestamp - since >= ShopCare.lastingMs { return removeShop(shop, record) }
            care.refusedSince = since
            care.checkedAt = record.timestamp
        case .denied(let what):
            care.accessDenied = what.isEmpty ? nil : what
            if !what.isEmpty { name(what, of: shop) }
        }
        installation.care = care
        var next = known
        next.installation = installation
        next.applied = record.offset
        shops.set(shop, next)
        return []
    }

    /// Once a shop, for the operator: the record tells the merchant.
    private func name(_ denied: [String], of shop: String) {
        tally.add { [metrics = setup.metrics, log = setup.log] in
            metrics.accessDenied.add()
            log.warning(
                "Shopify refuses what is asked of a shop's orders: see docs/INSTALL.md, protected customer data",
                [("shop", .text(shop)), ("refused", .text(denied.joined(separator: ", ")))])
        }
    }
}

extension ShopGrant {
    init(_ grant: WebhookMessage.Grant, number: Int64) {
        self.init(
            number: number, scopes: grant.scopes, refreshToken: grant.refreshToken, expiresAt: grant.expiresAt,
            refreshExpiresAt: grant.refreshExpiresAt, renewAt: grant.renewAt)
    }
}
