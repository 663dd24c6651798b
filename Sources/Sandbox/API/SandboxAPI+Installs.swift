import Base
import HTTP
import Platforms

/// Merchants who install the app themselves, and who remove it again.
extension SandboxAPI {
    private struct Install: Decodable {
        enum Way: String, Decodable {
            case exchange, code
        }

        var way: Way?
        /// What the merchant agrees to; all that is asked when nil.
        var scopes: [String]?
        /// How long the shop's access tokens live, from now on.
        var tokenSeconds: Int64?
    }

    private struct TokenLife: Decodable {
        var seconds: Int64
    }

    private struct TokenWish: Decodable {
        var lifetimeSeconds: Int64?
        var clientId: String?
        /// Seconds from now when it was made.
        var at: Int64?
    }

    func addInstallRoutes(to router: inout Router) {
        on("POST", "/shops/:shop/install", &router) { request, parameters throws(APIProblem) in
            try await self.install(try Self.shop(parameters), try Self.decode(Install.self, request))
        }
        on("POST", "/shops/:shop/uninstall", &router) { _, parameters throws(APIProblem) in
            try await self.uninstall(try Self.shop(parameters))
        }
        on("POST", "/shops/:shop/expire-tokens", &router) { _, parameters throws(APIProblem) in
            self.world.shopify.expireTokens(try Self.shop(parameters))
            return .empty()
        }
        on("POST", "/shops/:shop/token-life", &router) { request, parameters throws(APIProblem) in
            let seconds = try Self.decode(TokenLife.self, request).seconds
            self.world.shopify.prepare(try Self.shop(parameters), tokenSeconds: seconds)
            return .empty()
        }
        on("POST", "/shops/:shop/session-token", &router) { request, parameters throws(APIProblem) in
            let wish = try Self.decode(TokenWish.self, request)
            let token = self.world.shopify.sessionToken(
                try Self.shop(parameters), clientId: wish.clientId, at: wish.at ?? 0,
                lifetimeSeconds: wish.lifetimeSeconds ?? 60)
            return .json(["token": .string(token.text)] as JSONTree)
        }
        on("POST", "/shops/:shop/signed-query", &router) { request, parameters throws(APIProblem) in
            let more = try Self.decode([String: String].self, request).sorted { $0.key < $1.key }
            let query = self.world.shopify.signedQuery(try Self.shop(parameters), more.map { ($0.key, $0.value) })
            return .json(["query": .string(query)] as JSONTree)
        }
    }

    private static func shop(_ parameters: PathParameters) throws(APIProblem) -> String {
        guard let shop = ShopDomain.validate(parameters["shop"] ?? "") else {
            throw APIProblem(400, "shop must be a name like demo.myshopify.com")
        }
        return shop
    }

    private func install(_ shop: String, _ wish: Install) async throws(APIProblem) -> HTTPResponse {
        world.shopify.prepare(shop, agreesTo: wish.scopes)
        if let seconds = wish.tokenSeconds { world.shopify.prepare(shop, tokenSeconds: seconds) }
        let merchant = Merchant(shopify: world.shopify, ingestURL: world.settings.daemons.ingest, http: world.http)
        let result =
            switch wish.way ?? .exchange {
            case .exchange: try await merchant.exchange(shop)
            case .code: try await merchant.codeGrant(shop)
            }
        world.journal.write("shop", "shop.installed", "\(shop) installed the app: answered \(result.status)")
        return .json(
            ["shop": .string(shop), "status": .integer(Int64(result.status)), "answer": result.answer] as JSONTree,
            status: (200..<300).contains(result.status) ? 200 : result.status)
    }

    /// The tokens are dead before the webhook is sent, as at Shopify.
    private func uninstall(_ shop: String) async throws(APIProblem) -> HTTPResponse {
        guard let receipt = await world.shopify.uninstall(shop) else {
            throw APIProblem(404, "There is no such shop in the sandbox.")
        }
        return .json(["shop": .string(shop), "webhook": .optional(receipt)] as JSONTree)
    }
}

extension JSONTree {
    fileprivate static func optional(_ receipt: WebhookSender.Receipt) -> JSONTree {
        [
            "deliveryId": .string(receipt.deliveryId), "status": receipt.status.map { .integer(Int64($0)) } ?? .null,
            "detail": .optional(receipt.detail),
        ]
    }
}
