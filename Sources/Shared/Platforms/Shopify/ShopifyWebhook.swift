import FoundationEssentials
import Security

/// The signature of Shopify's webhooks: base64 of HMAC-SHA256 over the raw body, keyed with the app's client secret
/// (shopify.dev, "Verify webhook deliveries"). Only the body is covered: topic, shop and ids in the headers are not.
public enum ShopifyWebhook {
    /// Whether any of the secrets made the signature. While a secret is rotated, Shopify signs with the oldest one not
    /// yet revoked: pass them all. Constant time; a missing signature is false.
    public static func verify(body: [UInt8], signature: String?, secrets: [Secret]) -> Bool {
        guard let signature else { return false }
        let given = Array(signature.utf8)
        return secrets.reduce(false) { matched, secret in
            constantTimeEquals(Array(sign(body: body, secret: secret).utf8), given) || matched
        }
    }

    /// What `X-Shopify-Hmac-Sha256` holds for this body.
    public static func sign(body: [UInt8], secret: Secret) -> String {
        Data(Digest.hmacSHA256(key: secret.bytes, body)).base64EncodedString()
    }
}
