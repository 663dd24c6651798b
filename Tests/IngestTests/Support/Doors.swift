import Foundation
import HTTP
@testable import Ingest
import Platforms
import Security
import Testing

/// One answer, whenever it comes.
final class AnswerBox: @unchecked Sendable {
    // Every access holds the lock.
    private let lock = NSLock()
    private var response: HTTPResponse?

    var responder: Responder {
        Responder { response in self.lock.withLock { self.response = response } }
    }

    var answer: HTTPResponse? { lock.withLock { response } }
}

extension Bench {
    /// What Shopify posts. `signature` nil: signed with the app's secret; empty: no signature at all.
    func post(
        _ topic: String, _ body: [UInt8], shop: String? = Bench.shop, signature: String? = nil
    ) -> HTTPRequest {
        var headers = HTTPHeaders([
            ("X-Shopify-Topic", topic), ("X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"),
        ])
        if let shop { headers.append("X-Shopify-Shop-Domain", shop) }
        let signed = signature ?? ShopifyWebhook.sign(body: body, secret: Bench.secret)
        if !signed.isEmpty { headers.append("X-Shopify-Hmac-Sha256", signed) }
        return HTTPRequest(method: "POST", target: "/webhooks/shopify", headers: headers, body: body)
    }

    /// Hands a request to Shopify's door; nil while nobody has answered.
    func answer(_ request: HTTPRequest) -> HTTPResponse? {
        let box = AnswerBox()
        shopify.handle(request, box.responder)
        return box.answer
    }

    /// A request of the operator's.
    func admin(
        _ method: String, _ body: String = "", token: String? = Bench.adminToken
    ) -> HTTPRequest {
        HTTPRequest(
            method: method, target: "/admin/shops/\(Bench.shop)",
            headers: HTTPHeaders(token.map { [("Authorization", "Bearer \($0)")] } ?? []), body: Array(body.utf8))
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    func json() throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }
}
