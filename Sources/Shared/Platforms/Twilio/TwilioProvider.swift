import HTTP
import Security

/// Twilio's Messages API as a `TextProvider`. One request a call; nothing is retried or remembered here.
public enum TwilioProvider {
    /// - Parameters:
    ///   - authToken: Basic auth's password; signatures of callbacks are made with the same token.
    ///   - baseURL: `https://api.twilio.com`, with or without a slash at the end.
    ///   - now: ms since 1970, to read a `Retry-After` that is a date.
    public static func make(
        accountSid: String, authToken: Secret, messagingServiceSid: String, baseURL: String, http: HTTPClient,
        deadline: Duration = .seconds(10), now: @escaping @Sendable () -> Int64 = RFC3339.now
    ) -> TextProvider {
        let requests = TwilioRequest(
            accountSid: accountSid, authToken: authToken, messagingServiceSid: messagingServiceSid,
            baseURL: baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL, deadline: deadline)
        return TextProvider(
            name: "twilio",
            send: { message in
                do throws(OutboundError) {
                    return TwilioAnswer.classify(try await http.send(requests.create(message)), now: now())
                } catch {
                    return TwilioAnswer.classify(error)
                }
            },
            find: { to, since, body in
                do throws(OutboundError) {
                    let response = try await http.send(requests.list(to: to))
                    return TwilioMessageList.look(in: response, since: since, body: body)
                } catch {
                    return .unknown
                }
            })
    }
}
