import Foundation

/// What a command said and how it ended.
struct ShellResult {
    let status: Int32
    let output: String
    let error: String
}

/// Runs a program to its end, without a terminal and with only this environment.
enum Shell {
    static func run(
        _ arguments: [String], environment: [String: String] = [:], path: String = "/usr/bin:/bin"
    ) throws -> ShellResult {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ["PATH": path, "HOME": "/tmp", "LC_ALL": "C"].merging(environment) { _, given in given }
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: a full pipe nobody reads would stop the program.
        let (output, error) = (Scratch(), Scratch())
        process.standardOutput = try output.handle()
        process.standardError = try error.handle()
        try process.run()
        process.waitUntilExit()
        return ShellResult(status: process.terminationStatus, output: try output.text(), error: try error.text())
    }

    /// A script of this repository.
    static func script(
        _ name: String, _ arguments: [String] = [], environment: [String: String] = [:], path: String = "/usr/bin:/bin"
    ) throws -> ShellResult {
        try run(["bash", Repository.path(name)] + arguments, environment: environment, path: path)
    }
}

/// A directory of a test's own, gone with it.
final class Scratch {
    let url: URL

    init() {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("compose-tests-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        } catch {
            preconditionFailure("no temporary directory: \(error)")
        }
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            print("could not remove \(url.path): \(error)")
        }
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ name: String, _ text: String, executable: Bool = false) throws {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        if executable {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path(name))
        }
    }

    func handle() throws -> FileHandle {
        try write("stream", "")
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path("stream")))
    }

    func text(_ name: String = "stream") throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }
}
