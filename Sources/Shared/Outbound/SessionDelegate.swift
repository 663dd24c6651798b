import Foundation
import FoundationNetworking
import HTTP
import Synchronization

/// Leads the session's events to their calls. Refuses redirects and credentials: a 302 or 401 is an answer.
/// Unchecked only because NSObject is not Sendable: its one stored property is a Mutex.
final class SessionDelegate: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let calls = Mutex<[Int: Call]>([:])

    func start(_ call: Call) {
        calls.withLock { $0[call.task.taskIdentifier] = call }
        call.task.resume()
    }

    private func call(_ task: URLSessionTask) -> Call? {
        calls.withLock { $0[task.taskIdentifier] }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        call(dataTask)?.received(response)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        call(dataTask)?.received(data)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        calls.withLock { $0.removeValue(forKey: task.taskIdentifier) }?.completed(error)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        call(task)?.received(response)
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        // Asked only after the 401 has come whole: it is the answer, and what the refusal then reports is too late.
        call(task)?.completed(nil)
        completionHandler(.rejectProtectionSpace, nil)
    }
}
