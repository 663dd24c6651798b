import Foundation
import HTTP
import Outbound
import Testing

@testable import Sandbox

@Suite("The program otp-sandbox", .timeLimit(.minutes(1)))
struct SandboxBinaryTests {
    private static let binary: URL = {
        let directory = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return directory.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("otp-sandbox")
    }()

    private static func process(_ environment: [String: String], _ arguments: [String] = []) -> (Process, Pipe, Pipe) {
        let process = Process()
        let (output, error) = (Pipe(), Pipe())
        process.executableURL = binary
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = output
        process.standardError = error
        return (process, output, error)
    }

    @Test("refuses to listen off loopback with one line and 78", arguments: ["OTP_HTTP_BIND", "OTP_SANDBOX_KAFKA"])
    func refuses(_ name: String) throws {
        let (process, _, error) = Self.process([name: "0.0.0.0:18080"])
        try process.run()
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 78)
        #expect(said.split(separator: "\n").count == 1)
        #expect(said.hasPrefix("otp-sandbox: \(name) must be a loopback address (it is 0.0.0.0:18080)"))
    }

    @Test("says first where it is, serves, and stops when asked")
    func serves() async throws {
        let (process, output, _) = Self.process(["OTP_HTTP_BIND": "127.0.0.1:0", "OTP_SANDBOX_KAFKA": "127.0.0.1:0"])
        try process.run()
        defer { if process.isRunning { process.terminate() } }
        var line: [UInt8] = []
        while !line.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "it ended without its first line")
            line += more
        }
        let addresses = try JSONDecoder().decode(SandboxWorld.Addresses.self, from: Data(line))
        #expect(addresses.kafka.hasPrefix("127.0.0.1:") && !addresses.kafka.hasSuffix(":0"))
        let client = SandboxClient(base: "http://\(addresses.http)", http: .urlSession())
        let info = try await client.get("/info")
        #expect(info["kafka"]?.string == addresses.kafka)
        #expect(info["topics"]?.array?.count == 15)
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("the demonstration refuses what it does not understand")
    func demo() throws {
        let (process, _, error) = Self.process(["OTP_HTTP_BIND": "127.0.0.1:0"], ["demo", "fast"])
        try process.run()
        let said = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 78)
        #expect(said.split(separator: "\n").count == 2)
    }
}
