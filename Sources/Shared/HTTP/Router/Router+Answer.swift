extension Router {
    /// What the server would answer, without sockets: routing, body limit and handler, but no deadline. For tests of
    /// routes.
    public func answer(_ request: HTTPRequest) async -> HTTPResponse {
        switch resolve(method: request.method, path: request.path) {
        case .refused(let response):
            return response
        case .route(let route, let parameters):
            guard request.body.count <= route.options.maximumBodyBytes else { return .problem(413) }
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
