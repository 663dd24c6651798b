/// One request that a handler has, or had, and the place of its answer in the connection's order.
struct Exchange {
    let id: UInt64
    let route: String
    let method: String
    let isVersion10: Bool
    let keepAlive: Bool
    let bytesIn: Int
    let started: Int64
    /// Monotonic nanoseconds; then 503.
    let deadline: Int64
    var task: Task<Void, Never>?
    var answer: (response: HTTPResponse, at: Int64)?

    var isHead: Bool { method == "HEAD" }
}

/// The request whose body is still coming.
struct Reading {
    let head: RequestHead
    let resolution: Router.Resolution
    var wantsContinue: Bool
}
