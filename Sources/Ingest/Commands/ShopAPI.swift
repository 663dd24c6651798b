import Base
import FoundationEssentials
import HTTP
import Runtime

/// The daemon's `/admin/shops`, as the commands ask it. Nothing is repeated: what was not answered may have been done.
struct ShopAPI {
    /// The daemon's no, in words for its operator.
    struct Refusal: Error, Equatable {
        let reason: String
    }

    /// Above what the door itself waits for the shop's owner, twice.
    private static let deadline = Duration.seconds(15)

    private let base: String
    private let token: String
    private let http: HTTPClient

    init(_ context: CommandContext, _ http: HTTPClient) {
        base = context.configuration.url(ShopCommands.url.name) + "/admin/shops"
        token = context.configuration.list(CommonParameters.adminToken.name).first ?? ""
        self.http = http
    }

    func page(after: String?) async throws -> (shops: [JSONTree], next: String?) {
        let page = try await send("GET", "?limit=1000" + (after.map { "&after=\($0)" } ?? ""))
        guard case .object(let fields) = page, case .array(let shops)? = fields["shops"] else { throw Self.foreign }
        if case .string(let next)? = fields["next"] { return (shops, next) }
        return (shops, nil)
    }

    @discardableResult
    func call(
        _ method: String, _ shop: String, _ body: JSONTree? = nil, _ headers: HTTPHeaders = [:]
    ) async throws -> JSONTree {
        try await send(method, "/\(shop)", body, headers)
    }

    private func send(
        _ method: String, _ path: String, _ body: JSONTree? = nil, _ more: HTTPHeaders = [:]
    ) async throws -> JSONTree {
        var headers = more
        headers.set("Authorization", "Bearer \(token)")
        if body != nil { headers.set("Content-Type", "application/json") }
        let request = OutboundRequest(
            method: method, url: base + path, headers: headers,
            body: try body.map { [UInt8](try JSONEncoder().encode($0)) } ?? [], deadline: Self.deadline)
        let response: OutboundResponse
        do throws(OutboundError) {
            response = try await http.send(request)
        } catch {
            let fate = error.requestMayHaveBeenSent && method != "GET" ? "; look whether it was done" : ""
            throw EnvironmentFailure("otp-ingest at \(base) does not answer (\(error.kind.rawValue))\(fate)")
        }
        return try read(response)
    }

    private func read(_ response: OutboundResponse) throws -> JSONTree {
        switch response.status {
        case 204: return .null
        case 200:
            guard let body = JSONTree(parsing: response.body) else { throw Self.foreign }
            return body
        case 401: throw Refusal(reason: "the daemon does not know this \(CommonParameters.adminToken.name)")
        case 503: throw EnvironmentFailure("otp-ingest is not ready: \(Self.words(response)); try again")
        default: throw Refusal(reason: Self.words(response))
        }
    }

    /// What a problem document says, in one line.
    private static func words(_ response: OutboundResponse) -> String {
        guard case .object(let problem)? = JSONTree(parsing: response.body) else { return "HTTP \(response.status)" }
        var words: [String] = []
        if case .string(let detail)? = problem["detail"] { words.append(detail) }
        words += problem["errors"]?.strings ?? []
        return words.isEmpty ? "HTTP \(response.status)" : ShopText.plain(words.joined(separator: " "), " ")
    }

    private static let foreign = EnvironmentFailure(
        "what answers there is not otp-ingest: see \(ShopCommands.url.name)")
}
