import Foundation
import Security

/// What the platforms would sign.
enum Signature {
    static func shopify(_ body: String, secret: String) -> String {
        Data(Digest.hmacSHA256(key: Array(secret.utf8), Array(body.utf8))).base64EncodedString()
    }
}
