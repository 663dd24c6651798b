import Kafka
import Model
import Pipeline
import Platforms
import Security

/// What stands between us and a shop's admin API.
enum ShopAccess: Equatable, Sendable {
    case open(ShopRef, CancelPolicy)
    /// The table of shops is still being read.
    case starting
    /// The shop is not in the table: uninstalled, its key and token are no more.
    case gone
    /// There is no token, or one that does not open: an operator's matter.
    case noToken
}

extension ShopDirectory {
    func access(_ shop: String, isCaughtUp: Bool) -> ShopAccess {
        guard let (record, key) = current(shop) else {
            guard isCaughtUp else { return .starting }
            // A row that does not open (a missing wrapping key) is a shop all the same.
            return self[shop] == nil && unreadable == 0 ? .gone : .noToken
        }
        guard let installation = record.installation else { return .noToken }
        do throws(CryptoError) {
            let token = try key.open(
                installation.accessToken.bytes, topic: "shops", key: shop, field: "accessToken")
            let policy = CancelPolicy(installation.settings)
            return .open(ShopRef(domain: shop, accessToken: Secret(token)), policy)
        } catch {
            return .noToken
        }
    }
}
