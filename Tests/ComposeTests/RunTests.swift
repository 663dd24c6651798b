import Foundation
import Testing

@testable import Runtime

/// compose/run up to the moment the daemons run; the demonstration in .ci/run is the test of the rest.
@Suite("compose/run")
struct RunTests {
    /// The processes' environments as the script would start them.
    private static func environments(_ given: [String: String] = [:]) throws -> [String: [String: String]] {
        let result = try Shell.script("compose/run", ["--environment"], environment: given)
        #expect(result.status == 0)
        var parts: [String: [String: String]] = [:]
        for part in result.output.split(separator: "# ") {
            let lines = part.split(separator: "\n", maxSplits: 1)
            parts[String(lines[0])] = try EnvironmentFile.read(String(lines[1]))
        }
        return parts
    }

    @Test("gives every process all it requires, no name it does not know", arguments: Daemons.all.map(\.name))
    func environment(_ name: String) throws {
        let daemon = try #require(Daemons.named(name))
        let values = try #require(try Self.environments()[name])
        #expect(Daemons.problems(daemon, values) == [])
        #expect(Set(values.keys).subtracting(Daemons.known) == [])
        #expect(values["OTP_HTTP_BIND"] == "127.0.0.1:\(try #require(Daemons.port(of: daemon)))")
    }

    @Test("leads nobody outside this machine")
    func loopback() throws {
        for (name, values) in try Self.environments() {
            for (variable, value) in values where value.contains("://") {
                #expect(value.hasPrefix("http://127.0.0.1:"), "\(name): \(variable)")
            }
            if name != "otp-sandbox" {
                #expect(values["OTP_KAFKA_BROKERS"] == "127.0.0.1:19092")
                for variable in ["OTP_TWILIO_URL", "OTP_SHOPIFY_URL"] { #expect(values[variable] != nil) }
            }
        }
    }

    @Test("the sandbox and the daemons share their secrets, and no two runs do")
    func secrets() throws {
        let (one, two) = (try Self.environments(), try Self.environments())
        for name in ["OTP_ADMIN_TOKEN", "OTP_SHOPIFY_CLIENT_SECRET", "OTP_TWILIO_AUTH_TOKEN"] {
            #expect(one["otp-sandbox"]?[name] == one["otp-ingest"]?[name])
            #expect(one["otp-sandbox"]?[name] != two["otp-sandbox"]?[name])
        }
        #expect(one["otp-sender"]?["OTP_KEYRING"] == one["otp-verifier"]?["OTP_KEYRING"])
        #expect(one["otp-sender"]?["OTP_KEYRING"] != two["otp-sender"]?["OTP_KEYRING"])
    }

    @Test("an admin token that is set is kept, so that the operator's commands can be tried")
    func adminToken() throws {
        let token = String(repeating: "t", count: 40)
        let all = try Self.environments(["OTP_ADMIN_TOKEN": token])
        #expect(all["otp-ingest"]?["OTP_ADMIN_TOKEN"] == token && all["otp-sandbox"]?["OTP_ADMIN_TOKEN"] == token)
    }

    @Test("a port chosen by environment is told to everybody")
    func chosenPort() throws {
        let all = try Self.environments(["OTP_SANDBOX_KAFKA_PORT": "29092", "OTP_INGEST_PORT": "28081"])
        #expect(all["otp-sandbox"]?["OTP_SANDBOX_KAFKA"] == "127.0.0.1:29092")
        #expect(all["otp-reaper"]?["OTP_KAFKA_BROKERS"] == "127.0.0.1:29092")
        #expect(all["otp-ingest"]?["OTP_HTTP_BIND"] == "127.0.0.1:28081")
        #expect(all["otp-sandbox"]?["OTP_SANDBOX_INGEST_URL"] == "http://127.0.0.1:28081")
    }

    @Test("a taken port is one line that names it and who wants it, before anything starts")
    func takenPort() throws {
        let listener = try Listener()
        let result = try Shell.script(
            "compose/run", ["--ports", "free"], environment: ["OTP_SENDER_PORT": "\(listener.port)"])
        #expect(result.status == 75)
        #expect(result.output == "")
        #expect(
            result.error == "compose/run: port \(listener.port) is taken, otp-sender wants it: set OTP_SENDER_PORT, "
                + "or use --ports free\n")
    }

    @Test(
        "what can't be is refused with one line",
        arguments: [
            (["--wrong"], [:]), (["--ports", "some"], [:]), ([], ["OTP_SENDER_PORT": "0"]),
            ([], ["OTP_SENDER_PORT": "x"]), (["--ports", "free"], ["OTP_SENDER_PORT": "9", "OTP_REAPER_PORT": "9"]),
        ] as [([String], [String: String])])
    func usage(_ arguments: [String], _ environment: [String: String]) throws {
        let result = try Shell.script("compose/run", arguments, environment: environment)
        #expect(result.status == 64)
        #expect(result.error.split(separator: "\n").count == 1)
    }

    @Test("without Swift it says so in one line")
    func noSwift() throws {
        let tools = try Self.tools([])
        let result = try Shell.script("compose/run", ["--ports", "free"], path: tools.url.path)
        #expect(result.status == 75)
        #expect(result.error.hasPrefix("compose/run: swift is missing"))
        #expect(result.error.split(separator: "\n").count == 1)
    }

    @Test("a process that ends by itself is named with its last lines, and ends everything")
    func death() throws {
        // A build that is done at once, of a sandbox that gives up.
        let tools = try Self.tools(["pkg-config"])
        try tools.write(
            "swift", "#!/bin/bash\n[[ $* != *--show-bin-path* ]] || echo '\(tools.url.path)'\n", executable: true)
        try tools.write("otp-sandbox", "#!/bin/bash\necho 'no world today' >&2\nexit 75\n", executable: true)
        try tools.write("pkg-config", "#!/bin/bash\n", executable: true)
        let result = try Shell.script(
            "compose/run", ["--ports", "free"], environment: ["TMPDIR": tools.url.path], path: tools.url.path)
        #expect(result.status == 1)
        #expect(result.error.contains("otp-sandbox ended by itself (exit 75)"))
        #expect(result.error.contains("no world today"))
    }

    @Test("while another swift holds the folder it says so, at once and in a line of its own")
    func waiting() throws {
        let tools = try Self.tools([])
        try tools.write(
            "swift",
            """
            #!/bin/bash
            [[ $* != *--show-bin-path* ]] || { echo '\(tools.url.path)' && exit; }
            printf 'Another instance of SwiftPM (PID: 7) is already running, waiting until that process has finished...' >&2
            sleep 1.5
            echo 'warning: later' >&2

            """, executable: true)
        let sandbox = "#!/bin/bash\necho \"trace: $SWIFT_BACKTRACE\" >&2\nexit 75\n"
        try tools.write("otp-sandbox", sandbox, executable: true)
        try tools.write("pkg-config", "#!/bin/bash\n", executable: true)
        let result = try Shell.script(
            "compose/run", ["--ports", "free"], environment: ["TMPDIR": tools.url.path], path: tools.url.path)
        let lines = result.error.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("compose/run: another swift is at work in this folder") == true)
        #expect(lines.dropFirst().first == "warning: later")
        // What follows runs from where swift said, and prints no memory when it traps.
        #expect(result.error.contains("otp-sandbox ended by itself (exit 75)"))
        #expect(result.error.contains("trace: enable=no"))
    }

    @Test("a build that fails is not gone on from", arguments: [1, 75] as [Int32])
    func failedBuild(_ status: Int32) throws {
        let tools = try Self.tools([])
        try tools.write("swift", "#!/bin/bash\nprintf 'error: no' >&2\nexit \(status)\n", executable: true)
        try tools.write("pkg-config", "#!/bin/bash\n", executable: true)
        let result = try Shell.script("compose/run", ["--ports", "free"], path: tools.url.path)
        #expect(result.status == status)
        #expect(result.error == "error: no")
    }

    /// A PATH with what any Debian has and the scripts use, without Swift.
    private static func tools(_ without: Set<String>) throws -> Scratch {
        let scratch = Scratch()
        let names = [
            "awk", "base64", "basename", "bash", "cat", "date", "dirname", "env", "head", "mktemp", "od", "setpriv",
            "setsid", "sleep", "tail", "tr",
        ]
        for name in names {
            let source = try #require(
                ["/usr/bin/\(name)", "/bin/\(name)"].first(where: FileManager.default.fileExists))
            try FileManager.default.createSymbolicLink(atPath: scratch.path(name), withDestinationPath: source)
        }
        return scratch
    }
}

/// A socket that listens on any free port of loopback.
private final class Listener {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, size) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, generic, &size) == 0
            }
        }
        try #require(isListening)
        self.descriptor = descriptor
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
