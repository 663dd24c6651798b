import Base
import HTTP
import Texts

/// What went by: messages on topics, texts, an order's timeline.
extension SandboxAPI {
    func addWatchRoutes(to router: inout Router) {
        on("GET", "/messages", &router) { request, _ throws(APIProblem) in
            .json(
                self.world.feed.page(
                    after: try Self.number("after", request) ?? 0,
                    limit: try Self.number("limit", request) ?? MessageFeed.capacity))
        }
        on("GET", "/texts", &router) { request, _ in
            let to = Self.value("to", request)
            let texts = self.world.twilio.messages.filter { to == nil || $0.to == to }.prefix(200)
            return .json(["texts": .array(texts.map(Self.json))] as JSONTree)
        }
        on("GET", "/timeline", &router) { request, _ throws(APIProblem) in
            let order = try self.order(Self.value("order", request) ?? "")
            let verifications = self.world.timelines.verifications(of: order.gid).sorted()
            let texts = self.world.timelines.events(of: order.gid).texts.sorted()
            return .json(
                [
                    "order": .string(order.gid), "name": .string(order.name),
                    "verifications": .array(verifications.map { .string($0) }),
                    "texts": .array(texts.map { .string($0) }),
                    "events": .array(self.world.timeline(of: order).map(\.json)),
                ] as JSONTree)
        }
    }

    /// The first value of a query item; an empty one counts as missing.
    static func value(_ name: String, _ request: HTTPRequest) -> String? {
        request.queryItems().first { $0.0 == name && !$0.1.isEmpty }?.1
    }

    private static func number(_ name: String, _ request: HTTPRequest) throws(APIProblem) -> Int? {
        guard let text = value(name, request) else { return nil }
        guard let number = Int(text), number >= 0 else { throw APIProblem(400, "\(name) must be a number") }
        return number
    }

    private static func json(_ message: TwilioMessage) -> JSONTree {
        let parts = TextParts(message.body)
        return [
            "sid": .string(message.sid), "to": .string(message.to), "from": .optional(message.from),
            "body": .string(message.body), "status": .string(message.status.rawValue),
            "errorCode": message.errorCode.map { .integer(Int64($0)) } ?? .null, "at": .integer(message.createdAt),
            "segments": .integer(Int64(Segments(of: message.body).count)), "code": .optional(parts.code),
            "link": .optional(parts.link), "token": .optional(parts.token),
        ]
    }
}

extension TimelineEvent {
    var json: JSONTree {
        ["at": .integer(at), "source": .string(source), "kind": .string(kind), "text": .string(text)]
    }
}
