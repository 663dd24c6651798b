import CSystem
import Glibc
import Synchronization

/// The only way into an event loop from outside: letters in order, and an eventfd that wakes the loop once a batch.
/// Owns the loop's descriptors, so none is reused while somebody can still signal it.
/// After `close` letters are dropped, which is right for answers to connections that are gone.
final class LoopMailbox: Sendable {
    enum Letter: Sendable {
        case adopt(socket: Int32, peer: String)
        case answer(connection: UInt64, exchange: UInt64, HTTPResponse)
        /// Monotonic nanoseconds after which everything is cut.
        case drain(until: Int64)
    }

    private struct Box {
        var letters: [Letter] = []
        var isOpen = true
    }

    private let box = Mutex(Box())
    private let owner = Atomic<UInt>(0)
    let event: Int32
    let epoll: Int32

    init() throws(HTTPServerError) {
        event = otp_event_create()
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard event >= 0, epoll >= 0 else { throw HTTPServerError(operation: "epoll", code: errno) }
    }

    deinit {
        if event >= 0 { close(event) }
        if epoll >= 0 { close(epoll) }
    }

    /// The calling thread becomes the one that needs no waking: it looks before it sleeps.
    func bindToThread() {
        owner.store(UInt(pthread_self()), ordering: .releasing)
    }

    func post(_ letter: Letter) {
        let wasEmpty = box.withLock { box in
            guard box.isOpen else {
                LoopMailbox.discard(letter)
                return false
            }
            box.letters.append(letter)
            return box.letters.count == 1
        }
        if wasEmpty && owner.load(ordering: .acquiring) != UInt(pthread_self()) {
            otp_event_signal(event)
        }
    }

    /// Swaps the caller's emptied array for the letters that came.
    func take(into letters: inout [Letter]) {
        letters.removeAll(keepingCapacity: true)
        box.withLock { swap(&$0.letters, &letters) }
    }

    var hasLetters: Bool { box.withLock { !$0.letters.isEmpty } }

    func shut() {
        let left = box.withLock { box in
            box.isOpen = false
            defer { box.letters = [] }
            return box.letters
        }
        for letter in left { LoopMailbox.discard(letter) }
    }

    private static func discard(_ letter: Letter) {
        if case .adopt(let socket, _) = letter { close(socket) }
    }
}
