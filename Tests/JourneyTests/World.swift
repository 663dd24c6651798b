import Foundation
import HTTP
import Outbound
import Synchronization
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
    let broker: Broker
    private let running: Mutex<[DaemonProcess]>

    private var processes: [DaemonProcess] { running.withLock { $0 } }

    @TaskLocal static var current: World?

    /// The world of the suite that is running.
    static var now: World {
        guard let current else { preconditionFailure("the suite has no world: @Suite(.world)") }
        return current
    }

    private init(
        ports: Ports, directory: URL, secrets: Secrets, broker: Broker, processes: [DaemonProcess],
        topics: TopicLog
    ) {
        self.ports = ports
        self.directory = directory
        self.secrets = secrets
        self.broker = broker
        running = Mutex(processes)
        self.topics = topics
    }

    /// Starts everything and waits until all four daemons are ready.
    ///
    /// - Parameter brokers: of the mock Kafka.
    static func start(brokers: Int = 1) async throws -> World {
        let ports = try Ports.free()
        let directory = FileManager.default.temporaryDirectory.appending(path: "otp-journey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let secrets = Secrets()
        let broker = Broker(mockPort: ports.kafka)
        var processes: [DaemonProcess] = []
        do {
            for daemon in Environment.daemons {
                var environment = Environment.of(daemon, ports, secrets, broker)
                if daemon == "otp-sandbox" { environment["OTP_SANDBOX_BROKERS"] = "\(brokers)" }
                processes.append(try DaemonProcess(daemon, environment: environment, directory: directory))
                if daemon == "otp-sandbox" { try await ready(daemon, ports.sandbox, processes) }
            }
            for daemon in Environment.daemons { try await ready(daemon, port(of: daemon, ports), processes) }
            let topics = try TopicLog(broker)
            return World(
                ports: ports, directory: directory, secrets: secrets, broker: broker, processes: processes,
                topics: topics)
        } catch {
            for process in processes.reversed() { process.stop() }
            throw error
        }
    }

    func stop() {
        topics.stop()
        for process in processes.reversed() { process.stop() }
    }

    /// Ends a daemon if it still runs, starts it again, with more environment if any, and waits until it is ready.
    func restart(_ daemon: String, _ more: [String: String] = [:]) async throws {
        self[daemon].stop()
        try begin(daemon, more)
        try await Self.ready(daemon, Self.port(of: daemon, ports), [self[daemon]])
    }

    /// Starts a daemon that has ended, and does not wait for it.
    func begin(_ daemon: String, _ more: [String: String] = [:]) throws {
        let environment = Environment.of(daemon, ports, secrets, broker).merging(more) { $1 }
        let process = try DaemonProcess(daemon, environment: environment, directory: directory)
        running.withLock { running in running = running.map { $0.name == daemon ? process : $0 } }
    }

    private static func port(of daemon: String, _ ports: Ports) -> UInt16 {
        switch daemon {
        case "otp-ingest": ports.ingest
        case "otp-sender": ports.sender
        case "otp-verifier": ports.verifier
        case "otp-reaper": ports.reaper
        default: ports.sandbox
        }
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
