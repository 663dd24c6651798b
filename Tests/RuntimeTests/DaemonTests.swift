import Foundation
import HTTP
import Testing

@testable import Runtime

private let description = DaemonDescription(
    name: "otp-test", summary: "does nothing, for tests", port: 8089,
    parameters: [CommonParameters.idKey, Parameter("OTP_SIDE", kind: .oneOf(["left", "right"]), help: "a side")],
    check: { $0.has("OTP_SIDE") && $0.has("OTP_INSTANCE") ? ["OTP_SIDE and OTP_INSTANCE do not go together"] : [] })

private let goodEnvironment = [
    "OTP_ID_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "OTP_HTTP_BIND": "127.0.0.1:0",
]

private struct Reason: Decodable, Equatable {
    let name: String
    let why: String
}

private struct Readiness: Decodable, Equatable {
    let ready: Bool
    let reasons: [Reason]
}

private func readiness(_ answer: (status: Int, head: String, body: String)) throws -> Readiness {
    try JSONDecoder().decode(Readiness.self, from: Data(answer.body.utf8))
}

@Suite struct DaemonTests {
    private let output = Lines()
    private let errors = Lines()
    private let signals = ScriptedSignals()

    private func process(_ arguments: [String] = [], _ environment: [String: String] = [:]) -> DaemonProcess {
        DaemonProcess(
            arguments: arguments, environment: goodEnvironment.merging(environment) { $1 }, output: output.write,
            error: errors.write, stopDeadline: .seconds(20), signals: signals.stream)
    }

    private func mustNotBuild(_ context: DaemonContext) async throws -> [Service] {
        Issue.record("nothing may be built")
        return []
    }

    /// The port of the "listening" line.
    private func port() async throws -> UInt16 {
        let line = await errors.first(with: "msg=\"listening\"")
        return try #require(HostPort(String(line.split(separator: "=").last ?? ""))).port
    }

    @Test("--help shows every parameter with its default, and nothing else happens", arguments: ["--help", "-h"])
    func help(_ argument: String) async {
        let code = await Daemon.run(description, in: process([argument], ["OTP_ID_KEY": ""]), build: mustNotBuild)
        #expect(code == .ok && errors.text.isEmpty)
        #expect(output.text.hasPrefix("otp-test: does nothing, for tests\n"))
        for parameter in description.parameters {
            #expect(output.text.contains("  \(parameter.name)"))
            #expect(output.text.contains(parameter.help))
            if let value = parameter.default { #expect(output.text.contains("[default: \(value)]")) }
        }
        #expect(output.text.contains("  OTP_ID_KEY or OTP_ID_KEY_FILE\n"))
        #expect(output.text.contains("base64 of 32 bytes [required]"))
        #expect(output.text.contains("a side; left | right [default: unset]"))
        #expect(output.text.contains("[default: 127.0.0.1:8089]"))
    }

    @Test("--check says that the configuration is good and stops")
    func check() async {
        #expect(await Daemon.run(description, in: process(["--check"]), build: mustNotBuild) == .ok)
        #expect(output.text == "otp-test: the configuration is good\n" && errors.text.isEmpty)
    }

    @Test("every problem is one line on stderr, and the exit code is 78", arguments: [[], ["--check"]])
    func problems(_ arguments: [String]) async {
        let code = await Daemon.run(
            description,
            in: process(
                arguments + ["--verbose"],
                ["OTP_ID_KEY": "hunter2", "OTP_SIDE": "up\ndown", "OTP_LOG_LEVEL": "loud"]), build: mustNotBuild)
        #expect(code == .configuration && code.rawValue == 78 && output.text.isEmpty)
        #expect(
            errors.all == [
                "otp-test: unknown argument \"--verbose\": there are --check and --help",
                "otp-test: OTP_LOG_LEVEL must be debug or info or warning or error (it is \"loud\")",
                "otp-test: OTP_ID_KEY must be base64 of 32 bytes",
                "otp-test: OTP_SIDE must be left or right (it is \"up\\ndown\")",
            ])
    }

    @Test("what does not go together is a problem as well")
    func together() async {
        let code = await Daemon.run(
            description, in: process([], ["OTP_SIDE": "left", "OTP_INSTANCE": "one"]), build: mustNotBuild)
        #expect(code == .configuration)
        #expect(errors.text == "otp-test: OTP_SIDE and OTP_INSTANCE do not go together\n")
    }

    @Test("a daemon serves its own routes and the operators', and stops when asked")
    func whole() async throws {
        let scripted = Scripted()
        let signals = signals
        async let code = Daemon.run(description, in: process()) { context in
            context.addRoutes { router in
                router.on("GET", "/hello/:name") { _, parameters, responder in
                    responder.respond(.text("hello \(parameters["name"] ?? "")"))
                }
            }
            context.health.readiness("table") { scripted.notes.contains("full") ? nil : "still reading \"otp.shops\"" }
            context.metrics.counter("otp_tests_total", help: "Tests.").add()
            return [scripted.lasting("a")]
        }
        let port = try await port()
        _ = await errors.first(with: "msg=\"started\"")
        #expect(get("/healthz", port: port).status == 200)
        let unready = get("/readyz", port: port)
        #expect(unready.status == 503)
        #expect(
            try readiness(unready)
                == Readiness(ready: false, reasons: [Reason(name: "table", why: "still reading \"otp.shops\"")]))
        scripted.note("full")
        let ready = get("/readyz", port: port)
        #expect(ready.status == 200)
        #expect(try readiness(ready) == Readiness(ready: true, reasons: []))
        #expect(get("/hello/ada", port: port).body == "hello ada")
        #expect(get("/nothing", port: port).status == 404)
        let metrics = get("/metrics", port: port)
        #expect(metrics.status == 200)
        #expect(metrics.head.contains("text/plain; version=0.0.4; charset=utf-8"))
        #expect(metrics.body.contains("\notp_tests_total 1\n"))
        #expect(metrics.body.contains("\nprocess_open_fds "))
        #expect(metrics.body.contains("route=\"/hello/:name\",method=\"GET\",status=\"200\"} 1\n"))
        #expect(!metrics.body.contains("ada"))
        signals.send("SIGTERM")
        #expect(await code == .ok)
        #expect(scripted.notes == ["start a", "full", "stop a", "end a"])
        #expect(get("/healthz", port: port).status == 0)
        #expect(!errors.text.contains(try #require(goodEnvironment["OTP_ID_KEY"])))
    }

    @Test("a taken port is one clear line, exit code 75, and no service starts")
    func taken() async throws {
        let holder = HTTPServer(host: "127.0.0.1", port: 0, loops: 1, router: Router())
        try holder.start()
        let scripted = Scripted()
        let code = await Daemon.run(description, in: process([], ["OTP_HTTP_BIND": "127.0.0.1:\(holder.port)"])) { _ in
            [scripted.lasting("a")]
        }
        await holder.drain(deadline: .seconds(5))
        #expect(code == .environment && code.rawValue == 75)
        #expect(scripted.notes.isEmpty)
        #expect(errors.all.filter { $0.contains("level=error") }.count == 1)
        #expect(
            errors.text.contains(
                "error=\"can't listen on 127.0.0.1:\(holder.port) (OTP_HTTP_BIND): Address already in use\" exit=75"))
        #expect(errors.all.count == 1)
    }

    @Test("a daemon that declares no address opens no door; the log level is the configured one")
    func withoutDoor() async {
        let quiet = DaemonDescription(
            name: "otp-quiet", summary: "listens nowhere", port: 1, common: [CommonParameters.logLevel])
        let signals = signals
        async let code = Daemon.run(quiet, in: process([], ["OTP_LOG_LEVEL": "debug"])) { context in
            context.log.debug("built")
            return []
        }
        _ = await errors.first(with: "msg=\"started\"")
        signals.send("SIGINT")
        #expect(await code == .ok)
        #expect(errors.text.contains("level=debug daemon=otp-quiet msg=\"built\""))
        #expect(!errors.text.contains("listening"))
    }
}
