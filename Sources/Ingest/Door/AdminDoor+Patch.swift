import FoundationEssentials
import HTTP
import Model
import Pipeline

/// `PATCH /admin/shops/{domain}`: changes what is named, keeps the rest, the token among it.
///
/// The door merges and checks, because only it can tell the operator what is wrong; the owner takes the result over
/// only while the record still shows the put that the door merged with. Where another change came between, the door
/// merges again; an operator who wants to know of that instead sends `If-Match` with the `ETag` they saw.
extension AdminDoor {
    func patch(_ request: HTTPRequest, _ shop: String) async -> HTTPResponse {
        let changes = changes
        let deadline = changes.deadline()
        while changes.isBefore(deadline) {
            guard let (record, key) = directory.current(shop), let installation = record.installation else {
                return Self.unknown
            }
            if let wanted = request.headers["If-Match"], wanted != "*", wanted != record.entityTag {
                return .problem(412, detail: "The shop was changed since.")
            }
            let body: ShopPatchBody
            switch ShopPatchBody.parse(
                request.body, over: installation, shop: shop, allowShortTimers: allowShortTimers, check: templateCheck)
            {
            case .failure(let bad):
                return .problem(400, detail: "The shop can't be changed like this.", errors: bad.problems)
            case .success(let good): body = good
            }
            guard !body.isEmpty else { return shown(record) ?? Self.unknown }
            let putId = UUID().uuidString.lowercased()
            let message = WebhookMessage.shopPatch(
                WebhookMessage.ShopPatch(
                    putId: putId, over: record.putId, shopVersion: record.version, plan: body.plan,
                    settings: body.settings,
                    webhookSecrets: body.webhookSecrets.map { SourceSecrets.seal($0, of: shop, key) }))
            guard await changes.change(shop, message, deadline, until: { $0?.putId != record.putId }) else {
                return Self.tooSlow
            }
            if let record = directory[shop], record.putId == putId { return shown(record) ?? Self.unknown }
        }
        return Self.tooSlow
    }

    func shown(_ record: ShopRecord) -> HTTPResponse? {
        ShopView(record).map { HTTPResponse.json($0).with("Cache-Control", "no-store").with("ETag", record.entityTag) }
    }
}

extension ShopRecord {
    /// Changes with everything an operator or a merchant puts; not with what the owner learns by itself.
    var entityTag: String { "\"\(putId)\"" }
}
