import Base
import Foundation
import HTTP
import KafkaMock
import Outbound
import Pipeline
import Runtime
import Security
import Synchronization
import Testing

@testable import Sandbox

/// The sandbox's world over HTTP on a free port, and a server that stands for the daemons and keeps what it is sent.
struct TestWorld: Sendable {
    let world: SandboxWorld
    let base: String
    let daemons: Recorder
    let http = HTTPClient.urlSession()

    static let sid = "AC" + String(repeating: "a", count: 32)
    static let service = "MG" + String(repeating: "b", count: 32)
    static let token = "twilio-token"
    static let secret = "client-secret"
    static let admin = "admin-token-of-at-least-32-bytes!"

    /// Everything it starts is ended when the body returns.
    static func run(
        hang: Duration = .seconds(30), betweenReports: Duration = .milliseconds(1),
        cluster: MockCluster? = nil, _ body: (TestWorld) async throws -> Void
    ) async throws {
        let daemons = Recorder()
        let daemonServer = HTTPServer(host: "127.0.0.1", port: 0, loops: 1, router: daemons.router)
        try daemonServer.start()
        let url = "http://127.0.0.1:\(daemonServer.port)"
        let settings = SandboxSettings(
            topology: Topology(), kafka: HostPort(host: "127.0.0.1", port: 0),
            daemons: .init(ingest: url, sender: url, verifier: url, reaper: url), adminToken: Secret(text: admin),
            shopifyClientSecret: Secret(text: secret),
            twilio: .init(sid: sid, authToken: Secret(text: token), messagingServiceSid: service),
            twilioPace: .init(
                betweenReports: betweenReports, beforeCorrection: betweenReports, hang: hang,
                betweenRetries: .milliseconds(1)),
            shopifyPace: .init(cancelJob: .milliseconds(1), echo: .milliseconds(1), hang: hang))
        let world = SandboxWorld(settings, cluster: cluster, http: .urlSession())
        var router = Router()
        world.addRoutes(to: &router)
        SandboxPage.addRoutes(to: &router)
        let server = HTTPServer(host: "127.0.0.1", port: 0, loops: 1, router: router)
        try server.start()
        let test = TestWorld(world: world, base: "http://127.0.0.1:\(server.port)", daemons: daemons)
        do {
            try await body(test)
        } catch {
            await end(world, server, daemonServer)
            throw error
        }
        await end(world, server, daemonServer)
    }

    private static func end(_ world: SandboxWorld, _ server: HTTPServer, _ daemons: HTTPServer) async {
        world.stop()
        await server.drain(deadline: .milliseconds(200))
        await daemons.drain(deadline: .milliseconds(200))
    }

    func send(
        _ method: String, _ path: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        deadline: Duration = .seconds(10)
    ) async throws -> (status: Int, json: JSONTree, headers: HTTPHeaders) {
        let answer = try await http.send(
            OutboundRequest(method: method, url: base + path, headers: headers, body: body, deadline: deadline))
        return (answer.status, JSONTree(parsing: answer.body) ?? .null, answer.headers)
    }

    func api(_ method: String, _ path: String, _ body: JSONTree? = nil) async throws -> (
        status: Int, json: JSONTree
    ) {
        let answer = try await send(
            method, "/sandbox/api" + path, headers: ["Content-Type": "application/json"], body: body?.bytes ?? [])
        return (answer.status, answer.json)
    }

    // MARK: Twilio

    static let messages = "/twilio/2010-04-01/Accounts/\(sid)/Messages.json"

    var credentials: HTTPHeaders {
        ["Authorization": "Basic " + Data("\(Self.sid):\(Self.token)".utf8).base64EncodedString()]
    }

    /// A good request to send, changed: a nil value leaves the parameter out.
    func text(_ changes: [String: String?] = [:], deadline: Duration = .seconds(10)) async throws -> (
        status: Int, json: JSONTree, headers: HTTPHeaders
    ) {
        var fields: [String: String?] = [
            "To": "+15005550006", "MessagingServiceSid": Self.service, "Body": "123456 is your code.",
            "ValidityPeriod": "600",
        ]
        for (name, value) in changes { fields[name] = value }
        let pairs = fields.compactMap { name, value in value.map { (name, $0) } }
        return try await send(
            "POST", Self.messages, headers: credentials, body: Array(FormCoding.encode(pairs).utf8), deadline: deadline)
    }

    // MARK: Shopify

    static let shop = "demo.myshopify.com"

    /// A registered shop's token and an order in it.
    func order() async throws -> (token: String, id: Int64, gid: String) {
        _ = try await api("POST", "/shops", ["shop": .string(Self.shop), "timerSeconds": 900])
        let placed = try await api("POST", "/orders", ["shop": .string(Self.shop), "phone": "+12025550143"])
        let token = try #require(world.shopify.shops.first).accessToken.text
        let gid = try #require(placed.json["gid"]?.string)
        return (token, try #require(StandInOrder.id(gid)), gid)
    }

    func graphQL(_ query: String, _ variables: JSONTree, token: String, shop: String = TestWorld.shop) async throws
        -> (status: Int, json: JSONTree, headers: HTTPHeaders)
    {
        let body: JSONTree = ["query": .string(query), "variables": variables]
        return try await send(
            "POST", "/shopify/\(shop)/admin/api/2026-10/graphql.json",
            headers: ["Content-Type": "application/json", "X-Shopify-Access-Token": token], body: body.bytes)
    }
}

/// Keeps every request it gets; answers 200 `{}` unless told otherwise.
final class Recorder: Sendable {
    private struct State {
        var requests: [HTTPRequest] = []
        var answers: [HTTPResponse] = []
    }

    private let state = Mutex(State())

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// The next requests get these, in order.
    func answer(_ responses: HTTPResponse...) { state.withLock { $0.answers += responses } }

    var router: Router {
        var router = Router()
        router.fallback { request, _, responder in
            let response = self.state.withLock { state in
                state.requests.append(request)
                return state.answers.isEmpty ? .json([:] as JSONTree) : state.answers.removeFirst()
            }
            responder.respond(response)
        }
        return router
    }

    /// Waits until so many requests on that path have come; what came is returned, also when it is too few at the end.
    func requests(on path: String, atLeast count: Int) async throws -> [HTTPRequest] {
        for _ in 0..<500 {
            let found = requests.filter { $0.path == path }
            if found.count >= count { return found }
            try await Task.sleep(for: .milliseconds(10))
        }
        return requests.filter { $0.path == path }
    }
}
