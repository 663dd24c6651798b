import HTTP
import Synchronization

/// The page about a link that is none, made once a language: whoever tries tokens by the thousand costs next to
/// nothing. It shows nothing of anybody, so that its nonce may be the same each time.
final class UnknownPages: Sendable {
    private let pages = Mutex<[String: HTTPResponse]>([:])

    func page(_ language: String, _ make: () -> HTTPResponse) -> HTTPResponse {
        if let known = pages.withLock({ $0[language] }) { return known }
        let page = make()
        pages.withLock { $0[language] = page }
        return page
    }
}
