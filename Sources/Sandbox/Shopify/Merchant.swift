import Base
import HTTP
import Platforms
import Security

/// What a merchant's browser does to install the app: asks Ingest as Shopify would have it asked, and follows where it
/// is sent.
struct Merchant: Sendable {
    /// How it went: the last status, and what Ingest said.
    struct Result: Sendable {
        var status: Int
        var answer: JSONTree
    }

    let shopify: StandInShopify
    let ingestURL: String
    let http: HTTPClient

    /// Managed installation: the app is opened inside the admin with a session token, then its page asks with one.
    func exchange(_ shop: String) async throws(APIProblem) -> Result {
        let query = shopify.signedQuery(
            shop, [("embedded", "1"), ("id_token", shopify.sessionToken(shop).text)])
        let opened = try await call("GET", "\(ingestURL)/shopify/app?\(query)")
        guard opened.status == 200 else { return Result(status: opened.status, answer: Self.said(opened)) }
        let session = try await call(
            "POST", "\(ingestURL)/shopify/session",
            ["Authorization": "Bearer \(shopify.sessionToken(shop).text)"])
        return Result(status: session.status, answer: Self.said(session))
    }

    /// The authorization code grant, from the install link to where the app lives in the admin.
    func codeGrant(_ shop: String) async throws(APIProblem) -> Result {
        var answer = try await call("GET", "\(ingestURL)/shopify/install?\(shopify.signedQuery(shop, []))")
        let cookie = (answer.headers["Set-Cookie"] ?? "").split(separator: ";").first.map(String.init) ?? ""
        // To the shop, back to the app; the last answer is the way into the admin.
        for _ in 0..<2 {
            guard answer.status == 302, let next = answer.headers["Location"] else { break }
            answer = try await call("GET", next, next.hasPrefix(ingestURL) ? ["Cookie": cookie] : [:])
        }
        let isThere = answer.status == 302
        return Result(status: isThere ? 200 : answer.status, answer: isThere ? [:] : Self.said(answer))
    }

    private static func said(_ answer: OutboundResponse) -> JSONTree {
        JSONTree(parsing: answer.body) ?? .string(String(decoding: answer.body.prefix(2000), as: UTF8.self))
    }

    private func call(
        _ method: String, _ url: String, _ headers: HTTPHeaders = [:]
    ) async throws(APIProblem) -> OutboundResponse {
        do throws(OutboundError) {
            return try await http.send(
                OutboundRequest(method: method, url: url, headers: headers, deadline: .seconds(18)))
        } catch {
            throw APIProblem(502, "No answer from the daemon: \(error.kind.rawValue). Is it running?")
        }
    }
}
