import Glibc
import HTTP

/// A daemon's HTTP server as a service: its own routes and the operations' on `OTP_HTTP_BIND`. A taken or foreign
/// address ends the daemon with one line (75).
enum Door {
    /// nil when the daemon does not listen.
    static func service(_ context: DaemonContext, limits: ServerLimits) -> Service? {
        let name = CommonParameters.httpBind(port: 0).name
        guard context.configuration.declares(name) else { return nil }
        let address = context.configuration.address(name)
        var router = context.router
        OperationsRoutes.add(to: &router, health: context.health, metrics: context.metrics)
        let server = HTTPServer(
            host: address.host, port: address.port, limits: limits, router: router,
            observe: HTTPMetrics(context.metrics).observe)
        return Service(
            name: "http",
            start: {
                do throws(HTTPServerError) {
                    try server.start()
                } catch {
                    let reason = String(cString: strerror(error.code))
                    throw EnvironmentFailure("can't listen on \(address) (\(name)): \(reason)")
                }
                let bound = HostPort(host: address.host, port: server.port)
                context.doorIsBound(to: bound)
                context.log.info("listening", [("address", LogValue(bound))])
            },
            stop: { await server.drain(deadline: StopBudget.door) })
    }
}
