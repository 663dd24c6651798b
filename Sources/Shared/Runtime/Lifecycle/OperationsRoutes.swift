import HTTP

/// The three addresses every daemon answers: `/healthz`, `/readyz`, `/metrics`.
enum OperationsRoutes {
    private struct Readiness: Encodable {
        let ready: Bool
        let reasons: [Health.Reason]
    }

    static func add(to router: inout Router, health: Health, metrics: Metrics) {
        router.on("GET", "/healthz") { _, _, responder in
            responder.respond(.text("ok\n"))
        }
        router.on("GET", "/readyz") { _, _, responder in
            let reasons = health.reasons()
            let body = Readiness(ready: reasons.isEmpty, reasons: reasons)
            responder.respond(.json(body, status: reasons.isEmpty ? 200 : 503))
        }
        router.on("GET", "/metrics") { _, _, responder in
            responder.respond(.bytes(metrics.exposition(), type: Exposition.contentType))
        }
    }
}
