import Base
import Model
import Platforms
import Security
import Texts

/// What an operator says of a shop, as the body of a PUT.
struct ShopPutBody: Equatable {
    struct Problems: Error, Equatable {
        let problems: [String]
    }

    var platform: String
    /// Shopify's alone; the others have none.
    var accessToken: String?
    /// What a source signs its webhooks with, newest first; nil for Shopify's.
    var webhookSecrets: [Secret]?
    var plan: ShopRecord.Plan
    var shopifyPlan: String?
    var settings: ShopSettings

    /// Missing fields take their defaults; everything wrong with the others is named at once.
    ///
    /// - Parameter shop: the domain, which stands in texts where the shop has no name.
    static func parse(
        _ bytes: [UInt8], shop: String, allowShortTimers: Bool, check: TemplateCheck
    ) -> Result<ShopPutBody, Problems> {
        guard case .object(let fields) = JSONTree(parsing: bytes) else {
            return .failure(Problems(problems: ["the body must be a JSON object"]))
        }
        var reader = FieldReader(fields)
        let platform = platform(&reader, of: shop)
        let accessToken = platform == ShopName.shopify ? accessToken(&reader) : nil
        let secrets = platform == ShopName.orders ? webhookSecrets(&reader) : nil
        let plan = reader.choice("plan", ShopRecord.Plan.self) ?? .starter
        let shopifyPlan = reader.text("shopifyPlan", nullable: true)
        if let shopifyPlan, shopifyPlan.utf8.count > 100 {
            reader.add(["shopifyPlan: longer than 100 bytes"])
        }
        let (settings, problems) = settings(reader.object("settings") ?? [:], allowShortTimers)
        reader.add(problems + check.problems(settings, domain: shop))
        reader.finish()
        guard reader.problems.isEmpty, let platform else { return .failure(Problems(problems: reader.problems)) }
        return .success(
            ShopPutBody(
                platform: platform, accessToken: accessToken, webhookSecrets: secrets, plan: plan,
                shopifyPlan: shopifyPlan, settings: settings))
    }
}
