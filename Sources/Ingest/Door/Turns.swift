import Synchronization

/// One at a time for each name, in the order they came: two pages of a shop that open together don't both ask for its
/// token. Within this instance only.
final class Turns: Sendable {
    /// Who waits for a name's turn; a name that is here has somebody's turn under way.
    private let waiting = Mutex<[String: [CheckedContinuation<Void, Never>]]>([:])

    func run<Value: Sendable>(_ name: String, _ body: () async -> Value) async -> Value {
        await begin(name)
        let value = await body()
        end(name)
        return value
    }

    private func begin(_ name: String) async {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting in
                guard waiting[name] != nil else {
                    waiting[name] = []
                    return true
                }
                waiting[name]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func end(_ name: String) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard let line = waiting[name], !line.isEmpty else {
                waiting[name] = nil
                return nil
            }
            return waiting[name]?.removeFirst()
        }
        next?.resume()
    }
}
