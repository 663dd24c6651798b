/// One method and pattern with what answers it.
final class Route: Sendable {
    enum Action: Sendable {
        case responder(RouteHandler)
        case task(AsyncRouteHandler)
    }

    enum Segment: Sendable, Equatable {
        case literal(String)
        case parameter(String)
    }

    let method: String
    let pattern: String
    let options: RouteOptions
    let action: Action
    let segments: [Segment]
    /// What `/v/*rest` begins with and the name of the rest; nil for patterns without a star.
    let rest: (prefix: String, name: String)?

    init(method: String, pattern: String, options: RouteOptions, action: Action) {
        self.method = method
        self.pattern = pattern
        self.options = options
        self.action = action
        segments = pattern.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
            .map { part in
                let text = String(Substring(part))
                return text.hasPrefix(":") ? .parameter(String(text.dropFirst())) : .literal(text)
            }
        if case .literal(let last) = segments.last, last.hasPrefix("*") {
            rest = (String(pattern.dropLast(last.count)), String(last.dropFirst()))
        } else {
            rest = nil
        }
    }

    var hasParameters: Bool {
        segments.contains { if case .parameter = $0 { true } else { false } }
    }

    /// The parameters when these decoded segments fit, nil otherwise; a parameter is never empty.
    func match(_ parts: [String]) -> PathParameters? {
        guard parts.count == segments.count else { return nil }
        var found: [(String, String)] = []
        for (segment, part) in zip(segments, parts) {
            switch segment {
            case .literal(let text):
                guard text == part else { return nil }
            case .parameter(let name):
                guard !part.isEmpty else { return nil }
                found.append((name, part))
            }
        }
        return PathParameters(found)
    }
}
