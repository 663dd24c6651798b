import Foundation
import Security
import Testing

@testable import Runtime

@Suite("compose/keys")
struct KeysTests {
    private func made(in scratch: Scratch, _ arguments: String...) throws -> ShellResult {
        try Shell.script("compose/keys", arguments + [scratch.path("env")])
    }

    @Test("writes keys of 32 bytes, each file its own")
    func keys() throws {
        let scratch = Scratch()
        #expect(try made(in: scratch).status == 0)
        let values = try EnvironmentFile.read(scratch.text("env"))
        #expect(Parameter.key(try #require(values["OTP_ID_KEY"]))?.count == 32)
        let keyring = try Keyring(parsing: try #require(values["OTP_KEYRING"]))
        #expect(keyring.all.count == 1)
        #expect(keyring.current.id.wholeMatch(of: #/k\d{8}/#) != nil)
        #expect(try #require(values["OTP_ADMIN_TOKEN"]).utf8.count >= 32)
        let other = Scratch()
        _ = try made(in: other)
        let others = try EnvironmentFile.read(other.text("env"))
        for name in ["OTP_ID_KEY", "OTP_KEYRING", "OTP_ADMIN_TOKEN"] { #expect(values[name] != others[name]) }
    }

    @Test("only its owner can read the file")
    func mode() throws {
        let scratch = Scratch()
        _ = try made(in: scratch)
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("env"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["env"])
    }

    @Test("keeps a file that is there, unless forced")
    func overwriting() throws {
        let scratch = Scratch()
        try scratch.write("env", "OTP_ID_KEY=mine\n")
        let refused = try made(in: scratch)
        #expect(refused.status == 73)
        #expect(refused.error.split(separator: "\n").count == 1)
        #expect(refused.error.contains("--force"))
        #expect(try scratch.text("env") == "OTP_ID_KEY=mine\n")
        #expect(try made(in: scratch, "--force").status == 0)
        #expect(try scratch.text("env") != "OTP_ID_KEY=mine\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("env"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("says nothing of what it made")
    func silence() throws {
        let scratch = Scratch()
        let result = try made(in: scratch)
        for value in try EnvironmentFile.read(scratch.text("env")).values where !value.isEmpty {
            #expect(!result.output.contains(value))
            #expect(!result.error.contains(value))
        }
    }

    @Test("every name is one that a daemon understands, and the gaps are what only the operator knows")
    func names() throws {
        let scratch = Scratch()
        _ = try made(in: scratch)
        let values = try EnvironmentFile.read(scratch.text("env"))
        #expect(Set(values.keys).subtracting(Daemons.known) == [])
        #expect(Set(values.filter { $0.value.isEmpty }.keys) == Set(EnvironmentFile.operatorAnswers.keys))
    }

    @Test("every value stands in single quotes, where docker compose takes nothing for a variable")
    func quotes() throws {
        let scratch = Scratch()
        _ = try made(in: scratch)
        let lines = try scratch.text("env").split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count >= 9)
        for line in lines { #expect(line.wholeMatch(of: #/[A-Z_]+='[^'$]*'/#) != nil) }
        #expect(try scratch.text("env").contains("Leave the single quotes: without them docker compose takes $ "))
        // A shell reads the same.
        let script = "set -u; source \"$1\"; echo \"$OTP_KEYRING\""
        let read = try Shell.run(["bash", "-c", script, "-", scratch.path("env")])
        let values = try EnvironmentFile.read(scratch.text("env"))
        #expect(read.output == "\(try #require(values["OTP_KEYRING"]))\n")
    }

    @Test("the file it writes by default is never committed")
    func ignored() throws {
        #expect(try Repository.text(".gitignore").split(separator: "\n").contains("compose/.env"))
    }

    @Test("wrong arguments are refused", arguments: [["--wrong"], ["a", "b"]])
    func usage(_ arguments: [String]) throws {
        #expect(try Shell.script("compose/keys", arguments).status == 64)
    }
}
