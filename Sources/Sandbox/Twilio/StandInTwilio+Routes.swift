import Base
import FoundationEssentials
import HTTP
import Security

/// The part of Twilio's REST API that a sender of texts uses, under a path of our own.
extension StandInTwilio {
    private static let list = "/2010-04-01/Accounts/:sid/Messages.json"
    private static let one = "/2010-04-01/Accounts/:sid/Messages/:file"

    /// - Parameter prefix: `/twilio`
    func addRoutes(to router: inout Router, prefix: String) {
        router.onAsync("POST", prefix + Self.list, options: hanging) { request, parameters in
            if let refusal = self.refusal(of: request, parameters) { return refusal }
            return await self.create(request)
        }
        router.onAsync("GET", prefix + Self.list) { request, parameters in
            self.refusal(of: request, parameters) ?? self.find(request)
        }
        router.onAsync("GET", prefix + Self.one) { request, parameters in
            if let refusal = self.refusal(of: request, parameters) { return refusal }
            let file = parameters["file"] ?? ""
            guard file.hasSuffix(".json"), let message = self.message(String(file.dropLast(5))) else {
                return TwilioProblem(404, 20404).response
            }
            return .json(message.json)
        }
    }

    private var hanging: RouteOptions { RouteOptions(deadline: pace.hang + .seconds(10)) }

    /// Basic auth first, as Twilio does: a stranger learns nothing of accounts.
    private func refusal(of request: HTTPRequest, _ parameters: PathParameters) -> HTTPResponse? {
        let given = request.headers["Authorization"] ?? ""
        let right = "Basic " + Data("\(account.sid):\(account.authToken.text)".utf8).base64EncodedString()
        guard constantTimeEquals(Array(given.utf8), Array(right.utf8)) else {
            return TwilioProblem(401, 20003).response
        }
        return parameters["sid"] == account.sid ? nil : TwilioProblem(404, 20404).response
    }

    private func create(_ request: HTTPRequest) async -> HTTPResponse {
        let fields = request.formFields()
        // As most accounts, this one is not enabled for Message Redaction.
        if fields.contains(where: { $0 == ("ContentRetention", "discard") }) {
            return TwilioProblem(400, 30029).response
        }
        let to = fields.first { $0.0 == "To" }?.1
        let fault = state.withLock { $0.faults.takeRequest(to: to) }
        switch fault?.mode {
        case .throttle, .serverError, .refuse:
            let problem = fault?.problem ?? TwilioProblem(500, 20500)
            journal.write(
                "twilio", "text.refused", phone: to, "Twilio answered \(problem.status), code \(problem.code)")
            return problem.response
        case .hangBefore:
            journal.write("twilio", "text.hung", phone: to, "Twilio hangs, nothing accepted")
            return await hang()
        case .hangAfter, nil:
            break
        }
        switch TwilioOrder.read(fields, serviceSid: account.messagingServiceSid) {
        case .failure(let refusal):
            journal.write("twilio", "text.refused", phone: to, "Twilio answered 400, code \(refusal.problem.code)")
            return refusal.problem.response
        case .success(let order):
            let message = accept(order, receipt: fault?.receipt == nil ? nil : fault)
            guard fault?.mode == .hangAfter else { return .json(message.json, status: 201) }
            journal.write("twilio", "text.hung", phone: to, "Twilio hangs, though it accepted the text")
            return await hang()
        }
    }

    /// Until the client has gone, or long after it should have.
    private func hang() async -> HTTPResponse {
        _ = await Errands.pause(pace.hang)
        return TwilioProblem(500, 20500).response
    }

    /// `?To=`, `DateSent>=` (a day; hides what is still queued), `PageSize=`; newest first, in one page with the next
    /// one's address.
    private func find(_ request: HTTPRequest) -> HTTPResponse {
        let items = request.queryItems()
        func value(_ name: String) -> String? { items.first { $0.0 == name }?.1 }
        let since = value("DateSent>") ?? ""
        let size = min(max(value("PageSize").flatMap { Int($0) } ?? 50, 1), 1000)
        let page = max(value("Page").flatMap { Int($0) } ?? 0, 0)
        let found = messages.filter { message in
            (value("To").map { $0 == message.to } ?? true)
                && (since.isEmpty || message.sentAt.map { RFC3339.day($0) >= since } ?? false)
        }
        let shown = found.dropFirst(page * size).prefix(size)
        let path = "/2010-04-01/Accounts/\(account.sid)/Messages.json?PageSize=\(size)&Page="
        let hasNext = found.count > (page + 1) * size
        let body: JSONTree = [
            "messages": .array(shown.map(\.json)), "page": .integer(Int64(page)), "page_size": .integer(Int64(size)),
            "start": .integer(Int64(page * size)), "end": .integer(Int64(page * size + max(shown.count - 1, 0))),
            "first_page_uri": .string("\(path)0"), "next_page_uri": hasNext ? .string("\(path)\(page + 1)") : .null,
            "previous_page_uri": page > 0 ? .string("\(path)\(page - 1)") : .null, "uri": .string("\(path)\(page)"),
        ]
        return .json(body)
    }
}
