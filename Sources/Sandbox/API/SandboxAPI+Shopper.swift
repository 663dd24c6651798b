import Base
import HTTP

/// The shopper's side, through Verifier's JSON API: its answers are passed on as they are.
extension SandboxAPI {
    private struct Ask: Decodable {
        var token: String
        var code: String?
    }

    func addShopperRoutes(to router: inout Router) {
        on("POST", "/verify", &router) { request, _ throws(APIProblem) in
            let ask = try Self.decode(Ask.self, request)
            let body: JSONTree = ["code": .string(ask.code ?? "")]
            return try await self.pass("POST", ask.token, "/attempts", body)
        }
        on("POST", "/resend", &router) { request, _ throws(APIProblem) in
            try await self.pass("POST", try Self.decode(Ask.self, request).token, "/resend", [:])
        }
        on("GET", "/look", &router) { request, _ throws(APIProblem) in
            try await self.pass("GET", Self.value("token", request) ?? "", "", nil)
        }
    }

    private func pass(
        _ method: String, _ token: String, _ path: String, _ body: JSONTree?
    ) async throws(APIProblem) -> HTTPResponse {
        // The token becomes part of a URL.
        guard (1...64).contains(token.utf8.count), token.utf8.allSatisfy({ $0 == 0x2D || Self.isAlphanumeric($0) })
        else { throw APIProblem(400, "token is missing or is no link token") }
        let url = "\(world.settings.daemons.verifier)/api/v1/verifications/\(token)\(path)"
        let headers: HTTPHeaders = ["Content-Type": "application/json", "Accept": "application/json"]
        let answer = try await call(
            OutboundRequest(
                method: method, url: url, headers: headers, body: body?.bytes ?? [], deadline: .seconds(8)))
        var response = HTTPResponse(status: answer.status, body: answer.body)
        for name in ["Content-Type", "Retry-After"] {
            if let value = answer.headers[name] { response.headers.set(name, value) }
        }
        return response
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
