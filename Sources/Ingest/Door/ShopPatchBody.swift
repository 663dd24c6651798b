#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Model
import Platforms
import Security
import Texts

/// What an operator changes of a shop, as the body of a PATCH (RFC 7396): what is not named stays, null is the default again.
struct ShopPatchBody: Equatable {
    var plan: ShopRecord.Plan?
    var settings: ShopSettings?
    var webhookSecrets: [Secret]?

    /// Whether nothing is asked for.
    var isEmpty: Bool { self == ShopPatchBody() }

    /// Everything that the patch makes wrong is named at once. What was wrong before is not the patch's fault: a shop whose
    /// settings were put under other rules can still be paused.
    ///
    /// - Parameter shop: the domain, which stands in texts where the shop has no name.
    static func parse(
        _ bytes: [UInt8], over installation: ShopRecord.Installation, shop: String, allowShortTimers: Bool,
        check: TemplateCheck
    ) -> Result<ShopPatchBody, ShopPutBody.Problems> {
        guard case .object(var fields) = JSONValue.parse(bytes) else {
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
            let stored = JSONValue(of: installation.settings)
            func read(_ value: JSONValue) -> (settings: ShopSettings, problems: [String]) {
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

extension JSONValue {
    /// Those that are set.
    init(of settings: ShopSettings) {
        do {
            self = JSONValue.parse([UInt8](try JSONEncoder().encode(settings))) ?? .object([:])
        } catch {
            preconditionFailure("settings are JSON: they were read from it")
        }
    }

    /// RFC 7396 §2: objects are merged member by member, null removes, everything else replaces.
    func merged(with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var fields: [String: JSONValue] = [:]
        if case .object(let own) = self { fields = own }
        for (name, change) in changes {
            fields[name] = change == .null ? nil : (fields[name] ?? .null).merged(with: change)
        }
        return .object(fields)
    }
}
