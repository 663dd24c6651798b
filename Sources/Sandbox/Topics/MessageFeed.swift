import Kafka
import Pipeline
import Synchronization

/// The messages that went by on all topics, the last 2,000 of them. Beats are only counted: they come by the dozen and
/// say nothing.
final class MessageFeed: Sendable {
    struct Page: Sendable, Encodable {
        /// What to ask for next as `after`.
        var next: Int
        var beats: Int
        var messages: [FeedMessage]
    }

    private struct State {
        var next = 1
        var beats = 0
        var messages: [FeedMessage] = []
    }

    static let capacity = 2000

    private let state = Mutex(State())

    func take(_ record: IncomingRecord) {
        state.withLock { state in
            guard !Wire.isBeat(record) else {
                state.beats += 1
                return
            }
            state.messages.append(FeedMessage(record, number: state.next))
            state.next += 1
            if state.messages.count > Self.capacity {
                state.messages.removeFirst(state.messages.count - Self.capacity)
            }
        }
    }

    /// The messages after that number, oldest first.
    func page(after number: Int, limit: Int = MessageFeed.capacity) -> Page {
        state.withLock { state in
            let found = state.messages.drop { $0.number <= number }.prefix(limit)
            return Page(next: found.last?.number ?? number, beats: state.beats, messages: Array(found))
        }
    }
}
