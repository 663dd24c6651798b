import Synchronization

/// Takes what a log or a daemon writes, and lets a test wait for a line.
final class Lines: Sendable {
    private struct State {
        var text = ""
        var waiting: [(part: String, continuation: CheckedContinuation<String, Never>)] = []
    }

    private let state = Mutex(State())

    @Sendable func write(_ text: String) {
        let ready = state.withLock { state in
            state.text += text
            let text = state.text
            let ready = state.waiting.filter { text.contains($0.part) }
            state.waiting.removeAll { text.contains($0.part) }
            return ready.map { ($0.continuation, Lines.line(with: $0.part, in: text)) }
        }
        for (continuation, line) in ready { continuation.resume(returning: line) }
    }

    var text: String { state.withLock(\.text) }

    var all: [String] { text.split(separator: "\n").map(String.init) }

    /// The first line that holds `part`, as soon as there is one.
    func first(with part: String) async -> String {
        await withCheckedContinuation { continuation in
            let found = state.withLock { state -> String? in
                guard state.text.contains(part) else {
                    state.waiting.append((part, continuation))
                    return nil
                }
                return Lines.line(with: part, in: state.text)
            }
            if let found { continuation.resume(returning: found) }
        }
    }

    private static func line(with part: String, in text: String) -> String {
        text.split(separator: "\n").first { $0.contains(part) }.map(String.init) ?? ""
    }
}
