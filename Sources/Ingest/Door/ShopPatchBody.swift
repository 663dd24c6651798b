import Base
import FoundationEssentials
import Model
import Platforms
import Security
import Texts

/// What an operator changes of a shop, as the body of a PATCH (RFC 7396): what is not named stays, null is the default
/// again.
struct ShopPatchBody: Equatable {
    var plan: ShopRecord.Plan?
    var settings: ShopSettings?
    var webhookSecrets: [Secret]?

    /// Whether nothing is asked for.
    var isEmpty: Bool { self == ShopPatchBody() }

    /// Everything that the patch makes wrong is named at once. What was wrong before is not the patch's fault: a shop
    /// whose settings were put under other rules can still be paused.
    ///
    /// - Parameter shop: the domain, which stands in texts where the shop has no name.
    static func parse(
        _ bytes: [UInt8], over installation: ShopRecord.Installation, shop: String, allowShortTimers: Bool,
        check: TemplateCheck
    ) -> Result<ShopPatchBody, ShopPutBody.Problems> {
        guard case .object(var fields) = JSONTree(parsing: bytes) else {
            return .failure(ShopPutBody.Problems(problems: ["the body must be a JSON object"]))
        }
        var patch = ShopPatchBody()
        if fields["plan"] == .null {
            patch.plan = .starter
            fields["plan"] = nil
        }
        if fields["settings"] == .null { fields["settings"] = nil }
        var reader = FieldReader(fields)
        patch.plan = reader.choice("plan", ShopRecord.Plan.self) ?? patch.plan
        if ShopName.platform(of: shop) == ShopName.orders, fields["webhookSecrets"] != nil {
            patch.webhookSecrets = ShopPutBody.webhookSecrets(&reader)
        }
        if let changes = reader.object("settings") {
            let stored = JSONTree(of: installation.settings)
            func read(_ value: JSONTree) -> (settings: ShopSettings, problems: [String]) {
                guard case .object(let fields) = value else { return (installation.settings, []) }
                let (settings, problems) = ShopPutBody.settings(fields, allowShortTimers)
                return (settings, problems + check.problems(settings, domain: shop))
            }
            let (before, after) = (read(stored), read(stored.merged(with: .object(changes))))
            reader.add(after.problems.filter { !before.problems.contains($0) })
            patch.settings = after.settings
        }
        reader.finish()
        guard reader.problems.isEmpty else { return .failure(ShopPutBody.Problems(problems: reader.problems)) }
        return .success(patch)
    }
}

extension JSONTree {
    /// Those that are set.
    init(of settings: ShopSettings) {
        do {
            self = JSONTree(parsing: try JSONEncoder().encode(settings)) ?? .object([:])
        } catch {
            preconditionFailure("settings are JSON: they were read from it")
        }
    }
}
