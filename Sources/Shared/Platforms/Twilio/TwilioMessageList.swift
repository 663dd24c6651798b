import Base
import HTTP

/// The list of messages to one number, searched for a text of ours after an attempt whose outcome is not known.
enum TwilioMessageList {
    /// Twilio's clock and ours may differ by so much; its dates have whole seconds.
    static let slackMilliseconds: Int64 = 30_000

    private struct Page: Decodable {
        struct Message: Decodable {
            let sid: String
            let status: String
            let body: String?
            let dateCreated: String?

            enum CodingKeys: String, CodingKey {
                case sid, status, body
                case dateCreated = "date_created"
            }
        }

        let messages: [Message]
        let nextPage: String?

        enum CodingKeys: String, CodingKey {
            case messages
            case nextPage = "next_page_uri"
        }
    }

    static func look(in response: OutboundResponse, since: Int64, body: String) -> TextProvider.Lookup {
        guard response.status == 200, let page = TwilioAnswer.decode(Page.self, response.body) else { return .unknown }
        var isCertain = page.nextPage == nil
        for message in page.messages {
            guard let created = message.dateCreated.flatMap(MailDate.milliseconds) else {
                isCertain = false
                continue
            }
            guard created >= since - slackMilliseconds else { continue }
            let text = essence(message.body ?? "")
            if text == essence(body) { return .found(id: message.sid, status: message.status) }
            // An account that discards texts can't tell us which one this was.
            if text.isEmpty { isCertain = false }
        }
        return isCertain ? .absent : .unknown
    }

    /// Letters and digits alone: `SmartEncoded` replaces quotes, dashes and spaces of the text we sent.
    private static func essence(_ text: String) -> [Character] {
        text.filter { $0.isLetter || $0.isNumber }.map { $0 }
    }
}
