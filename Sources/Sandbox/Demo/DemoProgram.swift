import FoundationEssentials
import Glibc
import Outbound
import Runtime

/// `otp-sandbox demo` as a command: reads the same environment as the sandbox, plays, and ends with 0 only if all went
/// as it must, 1 if not, 78 for a wrong configuration.
enum DemoProgram {
    static func main(arguments: [String]) async -> Never {
        let loaded = Configuration.load(
            SandboxParameters.common + SandboxParameters.own, environment: ProcessInfo.processInfo.environment)
        let configuration: Configuration
        switch loaded {
        case .success(let good): configuration = good
        case .failure(let bad): end(.configuration, bad.problems)
        }
        let bind = configuration.address(SandboxParameters.bind.name)
        var problems = SandboxParameters.problems(configuration)
        if bind.port == 0 { problems.append("\(SandboxParameters.bind.name) must name the running sandbox's port") }
        if !arguments.isEmpty { problems.append("demo takes no arguments") }
        guard problems.isEmpty else { end(.configuration, problems) }

        let demo = Demo(
            sandbox: SandboxClient(base: "http://\(bind)", http: .urlSession()),
            daemons: SandboxParameters.settings(configuration).daemons, clock: .system,
            print: { StandardStream.output.write($0 + "\n") })
        let missing = await demo.run()
        for problem in missing { StandardStream.error.write("otp-sandbox demo: \(problem)\n") }
        _exit(missing.isEmpty ? 0 : 1)
    }

    private static func end(_ code: ExitCode, _ problems: [String]) -> Never {
        for problem in problems { StandardStream.error.write("otp-sandbox demo: \(problem)\n") }
        _exit(code.rawValue)
    }
}
