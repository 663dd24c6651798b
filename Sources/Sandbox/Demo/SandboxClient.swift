import Base
import HTTP

/// Calls of a running sandbox's API.
struct SandboxClient: Sendable {
    /// `http://127.0.0.1:8080`
    var base: String
    var http: HTTPClient

    /// Why a call did not bring what was asked for, in words for whoever runs the demonstration.
    struct Failure: Error, Sendable, CustomStringConvertible {
        /// Nil without an answer.
        var status: Int?
        var description: String
    }

    func get(_ path: String) async throws(Failure) -> JSONTree {
        try await call("GET", path, [])
    }

    func post(_ path: String, _ body: JSONTree) async throws(Failure) -> JSONTree {
        try await call("POST", path, body.bytes)
    }

    private func call(_ method: String, _ path: String, _ body: [UInt8]) async throws(Failure) -> JSONTree {
        let request = OutboundRequest(
            method: method, url: base + "/sandbox/api" + path, headers: ["Content-Type": "application/json"],
            body: body, deadline: .seconds(15))
        let answer: OutboundResponse
        do throws(OutboundError) {
            answer = try await http.send(request)
        } catch {
            throw Failure(description: "\(method) \(path) at \(base): no answer (\(error.kind.rawValue))")
        }
        let json = JSONTree(parsing: answer.body) ?? .null
        guard (200..<300).contains(answer.status) else {
            let detail = json["detail"]?.string ?? json["answer"]?["detail"]?.string ?? ""
            let errors = (json["errors"] ?? json["answer"]?["errors"])?.strings ?? []
            throw Failure(
                status: answer.status,
                description: (["\(method) \(path): \(answer.status)", detail] + errors).filter { !$0.isEmpty }
                    .joined(separator: "; "))
        }
        return json
    }
}
