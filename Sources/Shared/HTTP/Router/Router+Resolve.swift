import Base

extension Router {
    enum Resolution: Sendable {
        case route(Route, PathParameters)
        case refused(HTTPResponse)
    }

    /// Decides before a body is read, from the raw path.
    func resolve(method: String, path: String) -> Resolution {
        if let routes = literal[path], let route = Router.pick(routes, method) {
            return .route(route, PathParameters())
        }
        guard path.utf8.first == UInt8(ascii: "/") else {
            return .refused(.problem(404))
        }
        guard let parts = Router.segments(path) else {
            return trailing(method, path) ?? .refused(.problem(400, detail: "The path has a bad percent-encoding."))
        }
        var fitting: [(Route, PathParameters)] = []
        for route in literal["/" + parts.joined(separator: "/")] ?? [] where route.match(parts) != nil {
            fitting.append((route, PathParameters()))
        }
        for route in patterned {
            if let parameters = route.match(parts) { fitting.append((route, parameters)) }
        }
        if let route = Router.pick(fitting.map(\.0), method),
            let parameters = fitting.first(where: { $0.0.pattern == route.pattern })?.1
        {
            return .route(route, parameters)
        }
        if fitting.isEmpty {
            return trailing(method, path) ?? fallbackRoute.map { .route($0, PathParameters()) }
                ?? .refused(.problem(404))
        }
        return .refused(.problem(405).with("Allow", Router.allow(fitting.map(\.0.method))))
    }

    /// The routes with a star at their end, the longest that fits; nil where none begins as this path does.
    private func trailing(_ method: String, _ path: String) -> Resolution? {
        let longest = trailing.compactMap(\.rest?.prefix).filter { path.utf8.starts(with: $0.utf8) }
            .max { $0.utf8.count < $1.utf8.count }
        guard let longest else { return nil }
        let fitting = trailing.filter { $0.rest?.prefix == longest }
        guard let route = Router.pick(fitting, method), let rest = route.rest else {
            return .refused(.problem(405).with("Allow", Router.allow(fitting.map(\.method))))
        }
        let text = String(decoding: path.utf8.dropFirst(rest.prefix.utf8.count), as: UTF8.self)
        return .route(route, PathParameters([(rest.name, text)]))
    }

    /// The route of this method, or GET's for a HEAD without its own.
    private static func pick(_ routes: [Route], _ method: String) -> Route? {
        routes.first { $0.method == method }
            ?? (method == "HEAD" ? routes.first { $0.method == "GET" } : nil)
    }

    private static func segments(_ path: String) -> [String]? {
        var parts: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let text = PercentCoding.decode(part) else { return nil }
            parts.append(text)
        }
        return parts
    }

    private static func allow(_ methods: [String]) -> String {
        var allowed = Set(methods)
        if allowed.contains("GET") { allowed.insert("HEAD") }
        return allowed.sorted().joined(separator: ", ")
    }
}
