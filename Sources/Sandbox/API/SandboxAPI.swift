import FoundationEssentials
import HTTP

/// The sandbox's own JSON API under /sandbox/api, for its page, the demonstration and tests. Only for callers on this
/// machine (``LocalRequest``); errors are RFC 9457 problem documents.
struct SandboxAPI: Sendable {
    static let prefix = "/sandbox/api"
    /// Longer than what it waits for: a webhook's five seconds, an admin request's ten.
    static let options = RouteOptions(maximumBodyBytes: 4 << 20, deadline: .seconds(20))

    let world: SandboxWorld

    func addRoutes(to router: inout Router) {
        addShopRoutes(to: &router)
        addInstallRoutes(to: &router)
        addOrderRoutes(to: &router)
        addFaultRoutes(to: &router)
        addWatchRoutes(to: &router)
        addShopperRoutes(to: &router)
    }

    func on(
        _ method: String, _ path: String, _ router: inout Router,
        _ answer: @escaping @Sendable (HTTPRequest, PathParameters) async throws(APIProblem) -> HTTPResponse
    ) {
        router.onAsync(method, Self.prefix + path, options: Self.options) { request, parameters in
            guard LocalRequest.isLocal(request.headers) else {
                return .problem(403, detail: "The sandbox answers this machine only.")
            }
            do throws(APIProblem) {
                return try await answer(request, parameters).with("Cache-Control", "no-store")
            } catch {
                return .problem(error.status, detail: error.detail)
            }
        }
    }

    /// The body as a value; an empty body as an empty object.
    static func decode<Value: Decodable>(_ type: Value.Type, _ request: HTTPRequest) throws(APIProblem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(request.body.isEmpty ? Array("{}".utf8) : request.body))
        } catch {
            throw APIProblem(400, "The body is not the JSON expected here: \(Self.words(error))")
        }
    }

    /// The order named by the path's `:id`, a number or a gid.
    func order(_ parameters: PathParameters) throws(APIProblem) -> StandInOrder {
        try order(parameters["id"] ?? "")
    }

    func order(_ text: String) throws(APIProblem) -> StandInOrder {
        guard let order = StandInOrder.id(text).flatMap(world.shopify.order) else {
            throw APIProblem(404, "There is no such order in the sandbox.")
        }
        return order
    }

    private static func words(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _)?: "\(key.stringValue) is missing"
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?, .dataCorrupted(let context)?:
            (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
        default: "unreadable"
        }
    }
}

/// Why a request to the sandbox's API was not done.
struct APIProblem: Error, Sendable, Equatable {
    var status: Int
    var detail: String

    init(_ status: Int, _ detail: String) {
        self.status = status
        self.detail = detail
    }
}
