import Model
import Pipeline
import Platforms
import Security

/// A shop with its open key, for the time of one chore.
struct ShopVisit: Sendable {
    let shop: String
    let record: ShopRecord
    let key: DataKey
    /// Milliseconds since 1970.
    let askedAt: Int64

    /// The token that stands.
    func ref() throws(ShopAdminError) -> ShopRef {
        guard let sealed = record.installation?.accessToken, let token = open(sealed, "accessToken") else {
            throw ShopAdminError(.rejected, message: "the token does not open")
        }
        return ShopRef(domain: shop, accessToken: token)
    }

    /// The pair that stands first, then the one before it.
    func refreshTokens() -> [Secret] {
        let grant = record.installation?.grant
        return [grant?.refreshToken, grant?.previous?.refreshToken].compactMap { sealed in
            sealed.flatMap { open($0, "refreshToken") }
        }
    }

    func seal(_ page: OrderPage, upTo: Int64) -> WebhookMessage.PolledOrders {
        WebhookMessage.PolledOrders(
            shopVersion: record.version, upTo: upTo,
            body: key.seal(page.json, topic: "webhooks", key: shop, field: "polled"))
    }

    private func open(_ sealed: Sealed, _ field: String) -> Secret? {
        do throws(CryptoError) {
            return Secret(try key.open(sealed.bytes, topic: "shops", key: shop, field: field))
        } catch {
            // Said by its absence: a token that does not open is none.
            return nil
        }
    }
}
