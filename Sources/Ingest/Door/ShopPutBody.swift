import Model
import Texts

/// What an operator says of a shop, as the body of a PUT.
struct ShopPutBody: Equatable {
    struct Problems: Error, Equatable {
        let problems: [String]
    }

    var platform: String
    var accessToken: String
    var plan: ShopRecord.Plan
    var shopifyPlan: String?
    var settings: ShopSettings

    /// Missing fields take their defaults; everything wrong with the others is named at once.
    ///
    /// - Parameter shop: the domain, which stands in texts where the shop has no name.
    static func parse(
        _ bytes: [UInt8], shop: String, allowShortTimers: Bool, check: TemplateCheck
    ) -> Result<ShopPutBody, Problems> {
        guard case .object(let fields) = JSONValue.parse(bytes) else {
            return .failure(Problems(problems: ["the body must be a JSON object"]))
        }
        var reader = FieldReader(fields)
        let platform = reader.text("platform")
        reader.require("platform", platform != nil)
        if let platform, platform != "shopify" { reader.add(["platform: must be \"shopify\""]) }
        let accessToken = reader.text("accessToken")
        reader.require("accessToken", accessToken != nil)
        if let accessToken, !isToken(accessToken) {
            reader.add(["accessToken: must be 1 to 4096 printable ASCII characters without spaces"])
        }
        let plan = reader.choice("plan", ShopRecord.Plan.self) ?? .starter
        let shopifyPlan = reader.text("shopifyPlan", nullable: true)
        if let shopifyPlan, shopifyPlan.utf8.count > 100 {
            reader.add(["shopifyPlan: longer than 100 bytes"])
        }
        let (settings, problems) = settings(reader.object("settings") ?? [:], allowShortTimers)
        reader.add(problems + check.problems(settings, domain: shop))
        reader.finish()
        guard reader.problems.isEmpty, let platform, let accessToken else {
            return .failure(Problems(problems: reader.problems))
        }
        return .success(
            ShopPutBody(
                platform: platform, accessToken: accessToken, plan: plan, shopifyPlan: shopifyPlan, settings: settings))
    }

    /// It travels in a header of every call to the shop.
    private static func isToken(_ text: String) -> Bool {
        (1...4096).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
