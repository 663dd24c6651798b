import HTTP

/// The sandbox's page: three files of our own and nothing from anywhere else.
enum SandboxPage {
    private static let policy = [
        "default-src 'none'", "style-src 'self'", "script-src 'self'", "connect-src 'self'", "img-src data:",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    static func addRoutes(to router: inout Router) {
        add("/", PackageResources.sandbox_html, "text/html; charset=utf-8", &router)
        add("/sandbox.css", PackageResources.sandbox_css, "text/css; charset=utf-8", &router)
        add("/sandbox.js", PackageResources.sandbox_js, "text/javascript; charset=utf-8", &router)
        add("/world.js", PackageResources.world_js, "text/javascript; charset=utf-8", &router)
        router.on("GET", "/favicon.ico") { _, _, responder in responder.respond(.empty()) }
    }

    private static func add(_ path: String, _ bytes: [UInt8], _ type: String, _ router: inout Router) {
        let response = HTTPResponse.bytes(bytes, type: type)
            .with("Content-Security-Policy", policy).with("X-Content-Type-Options", "nosniff")
            .with("Referrer-Policy", "no-referrer").with("Cache-Control", "no-store")
        router.on("GET", path) { request, _, responder in
            let isLocal = LocalRequest.isLocal(request.headers)
            responder.respond(isLocal ? response : .problem(403, detail: "The sandbox answers this machine only."))
        }
    }
}
