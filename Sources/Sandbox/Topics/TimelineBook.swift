import Kafka
import Model
import Pipeline
import Synchronization

/// What the topics say about each order, kept by the order's platform id. Messages name a verification, some name the
/// order: the book learns which belongs to which as they go by, in whatever order the topics are read. The last 2,000
/// verifications are kept; what can't be read is left out, the daemons' dead letters tell of it.
final class TimelineBook: Sendable {
    struct State {
        /// Events by verification id, by correlation id, or by the order itself.
        var events: [String: [TimelineEvent]] = [:]
        /// Keys of `events`, oldest first.
        var known: [String] = []
        var verifications: [String: Set<String>] = [:]
        var correlations: [String: [String]] = [:]
        /// Twilio's ids of an order's texts.
        var texts: [String: Set<String>] = [:]
    }

    static let capacity = 2000

    private let state = Mutex(State())
    private let names: [String: Topic]

    init(_ topology: Topology) {
        names = Dictionary(Catalogue.all.map { (topology.name($0), $0) }, uniquingKeysWith: { first, _ in first })
    }

    func take(_ record: IncomingRecord) {
        guard let topic = names[record.topic], !Wire.isBeat(record), record.value != nil else { return }
        do throws(WireProblem) {
            let notes = try TimelineNotes.read(record, topic)
            state.withLock { $0.add(notes, record) }
        } catch {
            return  // Unreadable here is unreadable to its reader, which puts it aside and says so.
        }
    }

    /// The topics' events of one order, as they came, and Twilio's ids of its texts.
    func events(of order: String) -> (events: [TimelineEvent], texts: Set<String>) {
        state.withLock { state in
            let ids = state.verifications[order, default: []]
            let keys = [order] + ids + ids.flatMap { state.correlations[$0, default: []] }
            return (keys.flatMap { state.events[$0, default: []] }, state.texts[order, default: []])
        }
    }

    func verifications(of order: String) -> Set<String> {
        state.withLock { $0.verifications[order, default: []] }
    }
}

extension TimelineBook.State {
    mutating func add(_ notes: TimelineNotes, _ record: IncomingRecord) {
        if let order = notes.order, let verification = notes.verification {
            verifications[order, default: []].insert(verification)
        }
        if let order = notes.order, let text = notes.text { texts[order, default: []].insert(text) }
        if let verification = notes.verification, let correlation = notes.correlation {
            correlations[verification, default: []].append(correlation)
        }
        guard let line = notes.event, let key = notes.verification ?? notes.correlation ?? notes.order else {
            return
        }
        if events[key] == nil {
            known.append(key)
            forget()
        }
        let event = TimelineEvent(at: record.timestamp, source: record.topic, kind: line.kind, text: line.text)
        events[key, default: []].append(event)
    }

    private mutating func forget() {
        guard known.count > TimelineBook.capacity * 3 else { return }
        for key in known.prefix(TimelineBook.capacity) {
            events[key] = nil
            correlations[key] = nil
            verifications[key] = nil
            texts[key] = nil
        }
        known.removeFirst(TimelineBook.capacity)
    }
}
