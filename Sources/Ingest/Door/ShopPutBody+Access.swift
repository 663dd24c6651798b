import Base
import Platforms
import Security

/// How a shop and we know each other: by its token at Shopify, by the secrets its webhooks are signed with elsewhere.
extension ShopPutBody {
    static let mostSecrets = 5

    /// The one that shops with such a name are of; nil with its problem for any other.
    static func platform(_ reader: inout FieldReader, of shop: String) -> String? {
        let platform = reader.text("platform")
        reader.require("platform", platform != nil)
        guard let platform else { return nil }
        let own = ShopName.platform(of: shop)
        guard platform == own else {
            reader.add(["platform: must be \"\(own)\" for a shop with this name"])
            return nil
        }
        return own
    }

    static func accessToken(_ reader: inout FieldReader) -> String? {
        let token = reader.text("accessToken")
        reader.require("accessToken", token != nil)
        if let token, !isToken(token) {
            reader.add(["accessToken: must be 1 to 4096 printable ASCII characters without spaces"])
        }
        return token
    }

    static func webhookSecrets(_ reader: inout FieldReader) -> [Secret]? {
        let texts = reader.texts("webhookSecrets")
        reader.require("webhookSecrets", texts != nil)
        guard let texts else { return nil }
        let secrets = texts.compactMap(StandardWebhooks.secret)
        if secrets.count != texts.count || !(1...mostSecrets).contains(texts.count) {
            reader.add(["webhookSecrets: must be 1 to \(mostSecrets) of whsec_ and base64 of 24 to 64 bytes"])
        }
        return secrets
    }

    /// It travels in a header of every call to the shop.
    private static func isToken(_ text: String) -> Bool {
        (1...4096).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
