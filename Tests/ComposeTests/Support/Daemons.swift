import Foundation
import HTTP

@testable import Ingest
@testable import Reaper
@testable import Runtime
@testable import Sandbox
@testable import Sender
@testable import Verifier

/// The tables the daemons themselves start from.
enum Daemons {
    static let production = [
        Ingest.description, SenderDaemon.description, VerifierDaemon.description, ReaperDescription.description,
    ]
    static let all = production + [SandboxProgram.description]

    /// Every name that means something to at least one of them.
    static let known = all.reduce(into: Set<String>()) { $0.formUnion(names(of: $1)) }

    static func named(_ name: String) -> DaemonDescription? { all.first { $0.name == name } }

    static func names(of daemon: DaemonDescription) -> Set<String> { Set(daemon.parameters.map(\.name)) }

    /// The port its door has unless told otherwise.
    static func port(of daemon: DaemonDescription) -> UInt16? {
        daemon.parameters.first { $0.name == "OTP_HTTP_BIND" }?.default.flatMap(HostPort.init)?.port
    }

    /// What the daemon would say to this environment before it starts.
    static func problems(_ daemon: DaemonDescription, _ environment: [String: String]) -> [String] {
        switch Configuration.load(daemon.parameters, environment: environment) {
        case .failure(let bad): bad.problems
        case .success(let good): daemon.check(good)
        }
    }
}

/// NAME=value lines with comments, as docker compose reads an env file: what stands in single quotes is taken as it is,
/// and nothing here stands in others.
enum EnvironmentFile {
    static func read(_ text: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].wholeMatch(of: #/[A-Z][A-Z0-9_]*/#) != nil else {
                throw YAMLError(line: 0, reason: "not NAME=value: \(parts[0])")
            }
            guard values.updateValue(unquoted(parts[1]), forKey: String(parts[0])) == nil else {
                throw YAMLError(line: 0, reason: "\(parts[0]) stands twice")
            }
        }
        return values
    }

    private static func unquoted(_ text: Substring) -> String {
        text.count >= 2 && text.first == "'" && text.last == "'" ? String(text.dropFirst().dropLast()) : String(text)
    }

    /// What compose/keys writes, with an operator's answers where it leaves a gap.
    static func filledIn() throws -> [String: String] {
        let scratch = Scratch()
        _ = try Shell.script("compose/keys", [scratch.path("env")])
        return try read(scratch.text("env")).merging(operatorAnswers) { made, answer in made.isEmpty ? answer : made }
    }

    static let operatorAnswers = [
        "OTP_PUBLIC_URL": "https://otp.example.com",
        "OTP_SHOPIFY_CLIENT_ID": "0123456789abcdef0123456789abcdef",
        "OTP_SHOPIFY_CLIENT_SECRET": "shpss_0123456789abcdef",
        "OTP_TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef", "OTP_TWILIO_AUTH_TOKEN": "0123456789abcdef",
        "OTP_TWILIO_MESSAGING_SERVICE_SID": "MG0123456789abcdef0123456789abcdef",
    ]
}
