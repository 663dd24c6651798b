import Foundation
import HTTP
import Outbound
import TestWorld

/// The sandbox and the four daemons as processes of this test, on free loopback ports.
///
/// Every process is ended by its id when the world ends, and their logs stay in `directory` to be read.
final class World: Sendable {
    let ports: Ports
    let directory: URL
    let secrets: Secrets
    let topics: TopicLog
    let http = HTTPClient.urlSession()
    private let processes: [DaemonProcess]

    @TaskLocal static var current: World?

    /// The world of the suite that is running.
    static var now: World {
        guard let current else { preconditionFailure("the suite has no world: @Suite(.world)") }
        return current
    }

    private init(
        ports: Ports, directory: URL, secrets: Secrets, processes: [DaemonProcess], topics: TopicLog
    ) {
        self.ports = ports
        self.directory = directory
        self.secrets = secrets
        self.processes = processes
        self.topics = topics
    }

    /// Starts everything and waits until all four daemons are ready.
    static func start() async throws -> World {
        let ports = try Ports.free()
        let directory = FileManager.default.temporaryDirectory.appending(path: "otp-journey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let secrets = Secrets()
        let broker = Broker(mockPort: ports.kafka)
        var processes: [DaemonProcess] = []
        do {
            for daemon in Environment.daemons {
                let environment = Environment.of(daemon, ports, secrets, broker)
                processes.append(try DaemonProcess(daemon, environment: environment, directory: directory))
                if daemon == "otp-sandbox" { try await ready(daemon, ports.sandbox, processes) }
            }
            for (daemon, port) in [
                ("otp-ingest", ports.ingest), ("otp-sender", ports.sender), ("otp-verifier", ports.verifier),
                ("otp-reaper", ports.reaper),
            ] {
                try await ready(daemon, port, processes)
            }
            let topics = try TopicLog(broker)
            return World(
                ports: ports, directory: directory, secrets: secrets, processes: processes, topics: topics)
        } catch {
            for process in processes.reversed() { process.stop() }
            throw error
        }
    }

    func stop() {
        topics.stop()
        for process in processes.reversed() { process.stop() }
    }

    subscript(daemon: String) -> DaemonProcess {
        guard let process = processes.first(where: { $0.name == daemon }) else {
            preconditionFailure("no process \(daemon)")
        }
        return process
    }

    /// What each daemon has logged so far.
    func logs() throws -> [String: String] {
        var logs: [String: String] = [:]
        for process in processes { logs[process.name] = try String(contentsOf: process.log, encoding: .utf8) }
        return logs
    }

    private static func ready(_ daemon: String, _ port: UInt16, _ processes: [DaemonProcess]) async throws {
        let http = HTTPClient.urlSession()
        let deadline = ContinuousClock.now.advanced(by: .seconds(40))
        while ContinuousClock.now < deadline {
            for process in processes where !process.isRunning {
                throw WorldError("\(process.name) ended: \(process.tail())")
            }
            let request = OutboundRequest(
                method: "GET", url: "http://127.0.0.1:\(port)/readyz", headers: [:], body: [], deadline: .seconds(2))
            if let answer = try? await http.send(request), answer.status == 200 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw WorldError("\(daemon) did not become ready")
    }
}
