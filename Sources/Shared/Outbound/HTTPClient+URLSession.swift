import Foundation
import FoundationNetworking
import HTTP

extension HTTPClient {
    /// Calls over URLSession: exact deadlines, no redirects, cookies, cache, credentials or retries; answers up to 1
    /// MiB. Connections are kept, at most this many a host; more calls than that wait, and waiting counts against the
    /// deadline. One client for the whole daemon: each has its own connections.
    public static func urlSession(connectionsPerHost: Int = 64) -> HTTPClient {
        let client = URLSessionClient(connectionsPerHost: connectionsPerHost)
        return HTTPClient { request throws(OutboundError) in
            try await client.send(request)
        }
    }
}

/// Owns the session; the calls in flight finish even when the last client value is gone.
final class URLSessionClient: Sendable {
    private let session: URLSession
    private let delegate: SessionDelegate

    init(connectionsPerHost: Int) {
        let settings = URLSessionConfiguration.ephemeral
        settings.httpMaximumConnectionsPerHost = connectionsPerHost
        settings.httpCookieStorage = nil
        settings.httpShouldSetCookies = false
        settings.httpCookieAcceptPolicy = .never
        settings.urlCache = nil
        settings.urlCredentialStorage = nil
        settings.requestCachePolicy = .reloadIgnoringLocalCacheData
        delegate = SessionDelegate()
        session = URLSession(configuration: settings, delegate: delegate, delegateQueue: nil)
    }

    deinit {
        session.finishTasksAndInvalidate()
    }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let prepared = try PreparedRequest.make(request)
        let call = Call(task: session.dataTask(with: prepared))
        let result = await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await Task.sleep(for: request.deadline)
                    } catch {
                        // The answer came first.
                        return
                    }
                    call.giveUp(.timedOut, "no answer within the deadline")
                }
                let result = await call.result(startedBy: delegate)
                group.cancelAll()
                return result
            }
        } onCancel: {
            call.giveUp(.cancelled, "the caller gave up")
        }
        return try result.get()
    }
}
