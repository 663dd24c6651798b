import Base
import Foundation
import HTTP
import Synchronization

/// Just enough of Shopify's Admin API for one order, as an `HTTPClient`. Without the right token it answers 401.
final class StandInAPI: Sendable {
    struct State {
        var cancelledAt: String?
        var tags: [String] = []
        var note: String?
        var calls: [String] = []
    }

    let token: String
    private let state = Mutex(State())

    init(token: String) { self.token = token }

    var now: State { state.withLock { $0 } }

    var client: HTTPClient {
        HTTPClient { request throws(OutboundError) in
            guard request.headers["X-Shopify-Access-Token"] == self.token else {
                return OutboundResponse(status: 401, body: [])
            }
            let answer = self.state.withLock { Self.answer(request.body, &$0) }
            return OutboundResponse(status: 200, body: Array(answer.utf8))
        }
    }

    private static func answer(_ body: [UInt8], _ state: inout State) -> String {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let query = object["query"] as? String, let variables = object["variables"] as? [String: Any]
        else { return "{}" }
        let name = query.split(separator: " ")[1].prefix { $0 != "(" }
        state.calls.append(String(name))
        switch name {
        case "OrderForOtp":
            let order: [String: Any] = [
                "id": orderGid, "cancelledAt": state.cancelledAt ?? NSNull(), "tags": state.tags,
                "note": state.note ?? NSNull(), "displayFulfillmentStatus": "UNFULFILLED",
                "displayFinancialStatus": "PENDING",
            ]
            return data("order", order)
        case "TagOrder":
            state.tags += variables["tags"] as? [String] ?? []
            return data("tagsAdd", ["userErrors": []])
        case "NoteOrder":
            state.note = (variables["input"] as? [String: Any])?["note"] as? String
            return data("orderUpdate", ["userErrors": []])
        case "CancelOrder":
            return data("orderCancel", ["job": ["id": "job-1", "done": false], "orderCancelUserErrors": []])
        default:
            state.cancelledAt = RFC3339.text(Clock.system.now())
            return data("job", ["id": "job-1", "done": true])
        }
    }

    private static func data(_ field: String, _ value: [String: Any]) -> String {
        let bytes = try? JSONSerialization.data(withJSONObject: ["data": [field: value]])
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }
}
