import Foundation

/// Drives a server in a closed loop, for ours and for peers alike.
struct Wrk {
    let peers: Peers
    let directory: URL

    /// - Parameter requests: a file of requests made beforehand; nil: `GET` of the path.
    func run(
        port: UInt16, path: String, requests: URL? = nil, connections: Int, seconds: Int, threads: Int = 1
    ) throws -> WrkReport {
        guard let home = peers.home, let program = peers.program("wrk") else { throw BenchmarkError("no wrk") }
        let process = try ChildProcess(
            program,
            [
                "-t\(threads)", "-c\(connections)", "-d\(seconds)s", "--timeout", "10s", "-s", home + "/wrk.lua",
                "http://127.0.0.1:\(port)\(path)",
            ] + (requests.map { ["--", $0.path] } ?? []),
            ["PATH": "/usr/bin:/bin"], log: directory.appending(path: "wrk.log"))
        guard process.wait() == 0, let report = WrkReport(parsing: try String(contentsOf: process.log, encoding: .utf8))
        else { throw BenchmarkError("wrk: \(process.logTail)") }
        return report
    }
}
