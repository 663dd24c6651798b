import Synchronization

/// What happened in the sandbox's own world (orders, webhooks, texts, calls of the Admin API), in order. The last 5,000
/// entries are kept. Holds numbers and texts in the clear: all people in it are invented.
final class Journal: Sendable {
    struct Entry: Sendable, Encodable, Equatable {
        var number: Int
        /// Milliseconds since 1970.
        var at: Int64
        /// `shop`, `twilio`, `shopper`.
        var source: String
        /// `order.placed`, `webhook.answered`, `text.accepted`, `tags.added`…
        var kind: String
        /// The order's platform id, where it concerns one.
        var order: String?
        var phone: String?
        /// Twilio's id of the text, where it concerns one.
        var message: String?
        var text: String
    }

    private struct State {
        var next = 0
        var entries: [Entry] = []
    }

    static let capacity = 5000

    private let state = Mutex(State())
    private let now: @Sendable () -> Int64

    init(now: @escaping @Sendable () -> Int64) {
        self.now = now
    }

    func write(
        _ source: String, _ kind: String, order: String? = nil, phone: String? = nil, message: String? = nil,
        _ text: String
    ) {
        let at = now()
        state.withLock { state in
            state.entries.append(
                Entry(
                    number: state.next, at: at, source: source, kind: kind, order: order, phone: phone,
                    message: message, text: text))
            state.next += 1
            if state.entries.count > Self.capacity { state.entries.removeFirst(Self.capacity / 10) }
        }
    }

    func entries(where isWanted: (Entry) -> Bool = { _ in true }) -> [Entry] {
        state.withLock { $0.entries }.filter(isWanted)
    }
}
