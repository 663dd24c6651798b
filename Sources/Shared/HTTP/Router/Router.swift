/// What a route allows. The deadline counts from the moment the handler gets the whole request; then 503.
public struct RouteOptions: Sendable {
    public var maximumBodyBytes: Int
    public var deadline: Duration

    public init(maximumBodyBytes: Int = 2 << 20, deadline: Duration = .seconds(10)) {
        self.maximumBodyBytes = maximumBodyBytes
        self.deadline = deadline
    }
}

/// The percent-decoded values of a pattern's `:names`.
public struct PathParameters: Sendable, Equatable {
    private var names: [String] = []
    private var values: [String] = []

    public init() {}

    public init(_ pairs: [(String, String)]) {
        names = pairs.map(\.0)
        values = pairs.map(\.1)
    }

    public subscript(name: String) -> String? {
        names.firstIndex(of: name).map { values[$0] }
    }
}

/// Answers on the thread that calls it, or later through the responder. Must not block: it is an event loop's.
public typealias RouteHandler = @Sendable (HTTPRequest, PathParameters, Responder) -> Void
/// Runs in a task the server owns; it is cancelled at the route's deadline and when the client is gone.
public typealias AsyncRouteHandler = @Sendable (HTTPRequest, PathParameters) async -> HTTPResponse

/// Which handler a method and path get. Patterns are literal segments and `:name` segments; a pattern without names
/// wins over one with, then the first registered wins. A literal pattern with `*name` at its end gets what no other
/// pattern fits, a bad percent-encoding too: the rest of the path as it came. HEAD is answered by GET's handler; no
/// pattern: 404; another method: 405 with Allow; a bad percent-encoding: 400. Registering the same pair twice is a bug
/// and stops.
public struct Router: Sendable {
    var literal: [String: [Route]] = [:]
    var patterned: [Route] = []
    /// Those with a star at their end.
    var trailing: [Route] = []
    var fallbackRoute: Route?

    public init() {}

    public mutating func on(
        _ method: String, _ pattern: String, options: RouteOptions = RouteOptions(), handler: @escaping RouteHandler
    ) {
        add(Route(method: method, pattern: pattern, options: options, action: .responder(handler)))
    }

    public mutating func onAsync(
        _ method: String, _ pattern: String, options: RouteOptions = RouteOptions(),
        handler: @escaping AsyncRouteHandler
    ) {
        add(Route(method: method, pattern: pattern, options: options, action: .task(handler)))
    }

    /// Gets every request no pattern matches, whatever its method, instead of the 404.
    public mutating func fallback(options: RouteOptions = RouteOptions(), handler: @escaping RouteHandler) {
        fallbackRoute = Route(method: "", pattern: "fallback", options: options, action: .responder(handler))
    }

    /// Adds the other's routes, and its fallback when there is none here.
    public mutating func merge(_ other: Router) {
        for route in other.literal.values.joined() { add(route) }
        for route in other.patterned { add(route) }
        for route in other.trailing { add(route) }
        if fallbackRoute == nil { fallbackRoute = other.fallbackRoute }
    }

    private mutating func add(_ route: Route) {
        let isTrailing = route.rest != nil
        let rivals = isTrailing ? trailing : route.hasParameters ? patterned : literal[route.pattern, default: []]
        precondition(
            !rivals.contains { $0.method == route.method && $0.pattern == route.pattern },
            "route registered twice: \(route.method) \(route.pattern)")
        if isTrailing {
            trailing.append(route)
        } else if route.hasParameters {
            patterned.append(route)
        } else {
            literal[route.pattern, default: []].append(route)
        }
    }
}
