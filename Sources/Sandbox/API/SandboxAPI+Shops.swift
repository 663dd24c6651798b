import Base
import HTTP
import Platforms

/// What the sandbox is, and its shops.
extension SandboxAPI {
    /// Members of a request that are the shop's own; all others are settings.
    private static let shopMembers: Set<String> = [
        "shop", "plan", "shopifyPlan", "accessToken", "settings", "otherName",
    ]

    func addShopRoutes(to router: inout Router) {
        on("GET", "/info", &router) { _, _ in .json(self.info) }
        on("GET", "/daemons", &router) { _, _ in .json(await self.daemons()) }
        on("GET", "/shops", &router) { _, _ in
            .json(["shops": .array(self.world.shopify.shops.map(Self.json))] as JSONTree)
        }
        on("POST", "/shops", &router) { request, _ throws(APIProblem) in
            try await self.register(try Self.decode(JSONTree.self, request))
        }
    }

    private var info: JSONTree {
        let settings = world.settings
        let addresses = world.addresses
        return [
            "http": .optional(addresses?.http), "kafka": .optional(addresses?.kafka),
            "topicPrefix": .string(settings.topology.prefix),
            "topics": .array(settings.topology.declarations.map { .string($0.name) }),
            "partitions": .integer(Int64(settings.topology.partitions)),
            "daemons": .object(
                Dictionary(uniqueKeysWithValues: settings.daemons.all.map { ($0.name, .string($0.url)) })),
            "shops": .array(world.shopify.shops.map(Self.json)),
        ]
    }

    private static func json(_ shop: StandInShop) -> JSONTree {
        ["shop": .string(shop.domain), "settings": shop.settings]
    }

    /// Which daemons are ready, asked now.
    private func daemons() async -> JSONTree {
        var members: [String: JSONTree] = [:]
        for (name, why) in await DaemonProbe(http: world.http).reasons(world.settings.daemons) {
            members[name] = why.map { .string($0) } ?? "ready"
        }
        return ["daemons": .object(members)]
    }

    /// Puts the shop at Ingest; the token is known here before Ingest knows it.
    private func register(_ body: JSONTree) async throws(APIProblem) -> HTTPResponse {
        guard let domain = body["shop"]?.string.flatMap(ShopDomain.validate) else {
            throw APIProblem(400, "shop must be a name like demo.myshopify.com")
        }
        var settings = body["settings"] ?? [:]
        for (name, value) in body.object ?? [:] where !Self.shopMembers.contains(name) { settings[name] = value }
        let shop = world.shopify.openShop(
            domain, token: body["accessToken"]?.string, settings: settings, otherName: body["otherName"]?.string)
        let put: JSONTree = [
            "platform": "shopify", "accessToken": .string(shop.accessToken.text), "plan": body["plan"] ?? "growth",
            "shopifyPlan": body["shopifyPlan"] ?? "Basic", "settings": settings,
        ]
        let answer = try await call(
            OutboundRequest(
                method: "PUT", url: "\(world.settings.daemons.ingest)/admin/shops/\(domain)",
                headers: [
                    "Content-Type": "application/json", "Authorization": "Bearer \(world.settings.adminToken.text)",
                ], body: put.bytes, deadline: .seconds(10)))
        world.journal.write("shop", "shop.registered", "\(domain) put at Ingest: answered \(answer.status)")
        var result: JSONTree = ["shop": .string(domain), "status": .integer(Int64(answer.status))]
        result["answer"] = JSONTree(parsing: answer.body) ?? .null
        return .json(result, status: (200..<300).contains(answer.status) ? 200 : answer.status)
    }

    /// A call of a daemon; 502 where there is no answer.
    func call(_ request: OutboundRequest) async throws(APIProblem) -> OutboundResponse {
        do throws(OutboundError) {
            return try await world.http.send(request)
        } catch {
            throw APIProblem(502, "No answer from the daemon: \(error.kind.rawValue). Is it running?")
        }
    }
}
