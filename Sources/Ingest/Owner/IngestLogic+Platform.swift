import Kafka
import Model
import Pipeline
import Platforms
import Runtime

/// What the platform says of the shop itself.
extension IngestLogic {
    func update(
        _ installation: inout ShopRecord.Installation, _ body: ShopifyShop, _ delivery: Delivery
    ) throws(WireProblem) {
        try Self.check(body.gid, installation)
        guard believes(domain: body.domain, gid: body.gid, installation, delivery.shop) else {
            throw WireProblem("the body names another shop")
        }
        let known = installation.profile
        if let updatedAt = body.updatedAt, let last = known?.updatedAt, updatedAt < last { return }
        installation.profile = ShopProfile(
            id: body.gid, name: body.name ?? known?.name, timeZone: body.timeZone ?? known?.timeZone,
            currency: body.currency ?? known?.currency, updatedAt: body.updatedAt ?? known?.updatedAt)
        installation.shopifyPlan = body.plan ?? installation.shopifyPlan
    }

    func update(
        _ installation: inout ShopRecord.Installation, _ body: ShopifyScopesUpdate, _ delivery: Delivery
    ) throws(WireProblem) {
        if let shop = body.shopGid { try Self.check(shop, installation) }
        if let updatedAt = body.updatedAt, let last = installation.grant?.scopesAt, updatedAt < last { return }
        installation.grant?.scopes = body.current
        installation.grant?.scopesAt = body.updatedAt
        guard !body.current.contains("write_orders") else { return }
        tally.add { [log = setup.log] in
            log.warning(
                "a shop took the scope write_orders away: its orders can't be tagged or cancelled",
                [("shop", .text(delivery.shop))])
        }
    }

    /// Sets, freezes and ends the plan. What another subscription than the shop's own comes to changes nothing, unless
    /// it begins.
    func update(
        _ installation: inout ShopRecord.Installation, _ body: ShopifySubscription, _ delivery: Delivery
    ) throws(WireProblem) {
        if let shop = body.shopGid { try Self.check(shop, installation) }
        let known = installation.subscription
        guard delivery.webhook.topic == "app_subscriptions/update" else {
            if known?.id == body.gid { installation.subscription?.nearCapAt = delivery.now }
            return
        }
        // An older word changes nothing, and an older subscription never takes the place of a newer one.
        if let known, body.updatedAt < known.updatedAt { return }
        let isOurs = known?.id == body.gid
        let state: ShopSubscription.State
        switch body.status {
        case .active, .accepted: state = .active
        case .frozen where isOurs: state = .frozen
        case .cancelled where isOurs, .expired where isOurs, .declined where isOurs: state = .ended
        default: return
        }
        guard let plan = body.plan else {
            tally.add { [log = setup.log] in
                log.warning("a subscription names no plan of ours", [("shop", .text(delivery.shop))])
            }
            return
        }
        if !installation.plansOnOffer.contains(plan) {
            tally.add { [log = setup.log] in
                log.warning("a subscription to a plan not on offer to the shop", [("shop", .text(delivery.shop))])
            }
        }
        installation.subscription = ShopSubscription(
            id: body.gid, plan: plan, state: state, updatedAt: body.updatedAt,
            nearCapAt: isOurs ? known?.nearCapAt : nil)
    }

    /// A shop is known by its number as well, once it has said it.
    private static func check(_ gid: String, _ installation: ShopRecord.Installation) throws(WireProblem) {
        guard installation.profile?.id == nil || installation.profile?.id == gid else {
            throw WireProblem("the body names another shop")
        }
    }
}

extension ShopifySubscription {
    /// Ours, by the handle where there is one, else by the name: `growth`, `Growth`, `Growth (yearly)`.
    var plan: ShopRecord.Plan? {
        [handle, name].compactMap(\.self).lazy.compactMap { text in
            let words = text.lowercased().split { !$0.isLetter }.map(String.init)
            return ShopRecord.Plan.allCases.first { words.contains($0.rawValue) }
        }.first
    }
}
