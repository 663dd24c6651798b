extension Router {
    /// The response of the route that a request belongs to, without a server, its limits and its deadlines: for tests
    /// of handlers.
    public func response(to request: HTTPRequest) async -> HTTPResponse {
        switch resolve(method: request.method, path: request.path) {
        case .refused(let response):
            return response
        case .route(let route, let parameters):
            switch route.action {
            case .task(let handler):
                return await handler(request, parameters)
            case .responder(let handler):
                return await withCheckedContinuation { continuation in
                    handler(request, parameters, Responder { continuation.resume(returning: $0) })
                }
            }
        }
    }
}
