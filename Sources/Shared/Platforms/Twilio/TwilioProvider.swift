import Base
import HTTP
import Security
import Synchronization

/// Twilio's Messages API as a `TextProvider`. One request a call, nothing is retried, but for this: Twilio is asked not
/// to keep the texts, and an account that is not enabled for it (error 30029) is asked again without that, once a
/// process.
public enum TwilioProvider {
    /// - Parameters:
    ///   - authToken: Basic auth's password; signatures of callbacks are made with the same token.
    ///   - baseURL: `https://api.twilio.com`, with or without a slash at the end.
    ///   - now: ms since 1970, to read a `Retry-After` that is a date.
    public static func make(
        accountSid: String, authToken: Secret, messagingServiceSid: String, baseURL: String, http: HTTPClient,
        deadline: Duration = .seconds(10), now: @escaping @Sendable () -> Int64 = Clock.system.now
    ) -> TextProvider {
        let requests = TwilioRequest(
            accountSid: accountSid, authToken: authToken, messagingServiceSid: messagingServiceSid,
            baseURL: baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL, deadline: deadline)
        let privacy = Privacy()
        return TextProvider(
            name: "twilio",
            send: { message in
                do throws(OutboundError) {
                    let discards = privacy.isOffered
                    var answer = try await http.send(requests.create(message, discardsText: discards))
                    if discards, TwilioAnswer.refusesToDiscard(answer) {
                        privacy.refused()
                        answer = try await http.send(requests.create(message, discardsText: false))
                    }
                    return TwilioAnswer.classify(answer, now: now())
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

    /// Whether the account is enabled for Message Redaction, as far as is known.
    private final class Privacy: Sendable {
        private let wasRefused = Atomic(false)

        var isOffered: Bool { !wasRefused.load(ordering: .relaxed) }

        func refused() { wasRefused.store(true, ordering: .relaxed) }
    }
}
