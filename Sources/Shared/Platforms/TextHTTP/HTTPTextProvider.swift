import Base
import HTTP

/// Any provider with a JSON API over HTTP, as an operator describes it, as a `TextProvider`. One request a call,
/// nothing is retried, no redirect is followed; a text whose fate is unclear can't be looked for.
///
/// Before each call the host is looked up, and refused where any of its addresses is not of the internet. The call then
/// looks it up again: whoever answers for the name's DNS can give a public address to the first question and ours to
/// the second, and a proxy named by the environment looks it up for itself. It is the operator who names the host, and
/// TLS with a certificate for that name is what stands in the way of that; `allowPrivate` gives both up.
public enum HTTPTextProvider {
    /// - Parameters:
    ///   - resolve: the addresses of a host, empty when there are none.
    ///   - now: ms since 1970, to read a `Retry-After` that is a date.
    public static func make(
        configuration: HTTPTextConfiguration, http: HTTPClient,
        resolve: @escaping @Sendable (_ host: String) async -> [IPAddress] = HostResolver.system,
        now: @escaping @Sendable () -> Int64 = Clock.system.now
    ) -> TextProvider {
        TextProvider(
            name: configuration.name,
            send: { message in
                if !configuration.allowPrivate {
                    let addresses = await resolve(configuration.url.host)
                    if addresses.isEmpty { return .retry(after: nil, reason: "host not found") }
                    guard addresses.allSatisfy(\.isPublic) else {
                        return .refused(reason: "the host's address is not public", fault: .account)
                    }
                }
                do throws(OutboundError) {
                    let response = try await http.send(request(configuration, message))
                    return HTTPTextAnswer.classify(response, configuration, now: now())
                } catch {
                    return HTTPTextAnswer.classify(error)
                }
            },
            find: { _, _, _ in .unknown })
    }

    private static func request(_ configuration: HTTPTextConfiguration, _ message: TextMessage) -> OutboundRequest {
        var headers: HTTPHeaders = ["Content-Type": "application/json", "Accept": "application/json"]
        for header in configuration.headers { headers.set(header.name, header.value.text) }
        return OutboundRequest(
            method: configuration.method, url: configuration.url.text, headers: headers,
            body: configuration.body.filled(message).bytes, deadline: .seconds(configuration.timeoutSeconds))
    }
}
