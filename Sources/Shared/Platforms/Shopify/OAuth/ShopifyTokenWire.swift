import FoundationEssentials
import Security

/// Bodies of Shopify's token endpoint as they go over the wire.
enum ShopifyTokenWire {
    struct Request: Encodable {
        var clientId: String
        var clientSecret: String
        var code: String?
        var grantType: String?
        var subjectToken: String?
        var subjectTokenType: String?
        var requestedTokenType: String?
        var refreshToken: String?
        var expiring: String?

        init(clientId: String, clientSecret: String) {
            self.clientId = clientId
            self.clientSecret = clientSecret
        }

        enum CodingKeys: String, CodingKey {
            case code, expiring
            case clientId = "client_id"
            case clientSecret = "client_secret"
            case grantType = "grant_type"
            case subjectToken = "subject_token"
            case subjectTokenType = "subject_token_type"
            case requestedTokenType = "requested_token_type"
            case refreshToken = "refresh_token"
        }
    }

    private struct Answer: Decodable {
        let accessToken: String
        let scope: String?
        let expiresIn: Double?
        let refreshToken: String?
        let refreshTokenExpiresIn: Double?

        enum CodingKeys: String, CodingKey {
            case scope
            case accessToken = "access_token"
            case expiresIn = "expires_in"
            case refreshToken = "refresh_token"
            case refreshTokenExpiresIn = "refresh_token_expires_in"
        }
    }

    private struct Refusal: Decodable {
        let error: String
    }

    /// Nil for what is no grant: no token, one that fits into no header, times that can't be.
    static func grant(_ body: [UInt8]) -> OAuthGrant? {
        guard let answer = decode(Answer.self, body), isToken(answer.accessToken),
            answer.refreshToken.map(isToken) != false,
            let expiresIn = seconds(answer.expiresIn), let refreshExpiresIn = seconds(answer.refreshTokenExpiresIn)
        else { return nil }
        return OAuthGrant(
            accessToken: Secret(text: answer.accessToken), scopes: ShopifyScopes.parse(answer.scope ?? ""),
            refreshToken: answer.refreshToken.map { Secret(text: $0) }, expiresIn: expiresIn,
            refreshExpiresIn: refreshExpiresIn)
    }

    /// OAuth's `error` of a refusal, where it is a plain word.
    static func errorCode(_ body: [UInt8]) -> String? {
        guard let code = decode(Refusal.self, body)?.error, (1...64).contains(code.utf8.count),
            code.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        return code
    }

    /// Missing is fine, and so is up to ten years.
    private static func seconds(_ value: Double?) -> Int64?? {
        guard let value else { return .some(nil) }
        guard (1...315_360_000).contains(value) else { return nil }
        return Int64(value)
    }

    private static func isToken(_ text: String) -> Bool {
        (1...4096).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) -> Value? {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            // Whatever is wrong with it, the caller says one thing: an answer of another shape.
            return nil
        }
    }
}
