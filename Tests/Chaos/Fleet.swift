import Foundation
import HTTP
import Outbound
import TestWorld

/// The processes of a run: the sandbox, which lives through all of it, and the daemons, which die and are started again
/// until the run is over.
actor Fleet {
    struct Slot {
        let daemon: String
        let number: Int
        let port: UInt16
        var process: DaemonProcess?
        var starts = 0
        /// The crash point it was started with.
        var armed: String?
        /// Somebody else looks after its end.
        var isHandled = false
        /// Not before this is it started again.
        var restartAt: Int64 = 0
    }

    static let daemons = ["otp-ingest", "otp-sender", "otp-verifier", "otp-reaper"]

    nonisolated let ports: Ports
    nonisolated let secrets = Secrets()
    nonisolated let broker: Broker
    nonisolated let directory: URL
    nonisolated let journal: ChaosJournal
    private let plan: ChaosPlan
    private let sandbox: DaemonProcess
    private var slots: [Slot] = []

    /// Starts the sandbox and one of each daemon, and waits until all are ready.
    init(_ plan: ChaosPlan) async throws {
        self.plan = plan
        ports = try Ports.free()
        broker = Broker(mockPort: ports.kafka)
        directory = FileManager.default.temporaryDirectory.appending(path: "otp-chaos-\(plan.seed)-\(ports.kafka)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        journal = try ChaosJournal(directory.appending(path: "journal.jsonl"))
        sandbox = try DaemonProcess(
            "otp-sandbox", environment: Environment.of("otp-sandbox", ports, secrets, broker), directory: directory)
        do {
            try await Self.ready(ports.sandbox, sandbox)
            for daemon in Self.daemons { try start(Slot(daemon: daemon, number: 1, port: ports[daemon])) }
            for slot in slots {
                guard let process = slot.process else { continue }
                try await Self.ready(slot.port, process)
            }
        } catch {
            for process in slots.compactMap(\.process) + [sandbox] { process.stop() }
            throw error
        }
    }

    // MARK: What the driver asks

    /// The doors of a daemon's instances, whether they answer or not.
    func doors(of daemon: String) -> [UInt16] {
        slots.filter { $0.daemon == daemon }.map(\.port)
    }

    // MARK: What the killer does

    var living: [(daemon: String, number: Int)] {
        slots.filter { $0.process?.isRunning == true && !$0.isHandled }.map { ($0.daemon, $0.number) }
    }

    func count(of daemon: String) -> Int { slots.filter { $0.daemon == daemon }.count }

    func kill(_ daemon: String, _ number: Int, restartAfter: Double, crashAt: String?) {
        guard let index = index(daemon, number), let process = slots[index].process, process.isRunning else { return }
        process.signal(SIGKILL)
        slots[index].restartAt = ChaosJournal.now() + Int64(restartAfter * 1000)
        struck(daemon, .killed, "")
        for _ in 0..<200 where process.isRunning { usleep(5_000) }
        slots[index].process = nil
        slots[index].armed = crashAt
    }

    /// Stands still for a while, then goes on as if nothing had been.
    func pause(_ daemon: String, _ number: Int, seconds: Double) async throws {
        guard let index = index(daemon, number), let process = slots[index].process, process.isRunning else { return }
        let began = ChaosJournal.now()
        process.signal(SIGSTOP)
        defer { process.signal(SIGCONT) }
        try await Task.sleep(for: .seconds(seconds))
        let now = ChaosJournal.now()
        let kind: ChaosJournal.Blow.Kind = Int(seconds * 1000) > plan.sessionMs ? .stopped : .paused
        journal.write(.struck(.init(daemon: daemon, kind: kind, until: now, detail: "\(seconds) s")), at: began)
    }

    /// Asks an instance to end, which it must do well within ten seconds; starts it again unless it is `forGood`, then
    /// with a crash point if there is one.
    func ask(_ daemon: String, _ number: Int, forGood: Bool, crashAt: String? = nil) async throws {
        guard let index = index(daemon, number), let process = slots[index].process, process.isRunning else { return }
        slots[index].isHandled = true
        let armed = slots[index].armed
        let began = ChaosJournal.now()
        process.signal(SIGTERM)
        while process.isRunning, ChaosJournal.now() - began < 15_000 { try await Task.sleep(for: .milliseconds(20)) }
        let took = ChaosJournal.now() - began
        let name = "\(daemon)-\(number)"
        if let end = process.end {
            // Its crash point may have come first.
            let isCrash = end == .signalled(SIGKILL) && armed != nil
            if isCrash { struck(daemon, .crashed, armed ?? "") }
            if end != .exited(0), !isCrash {
                journal.write(.fell(daemon: name, how: "SIGTERM: \(end): \(process.tail())"))
            }
            if took > 10_000 { journal.write(.fell(daemon: name, how: "SIGTERM: took \(took) ms")) }
        } else {
            journal.write(.fell(daemon: name, how: "SIGTERM: still there after 15 s: \(process.tail())"))
            process.signal(SIGKILL)
        }
        let now = ChaosJournal.now()
        journal.write(
            .struck(.init(daemon: daemon, kind: forGood ? .scaledIn : .asked, until: now, detail: "\(took) ms")),
            at: began)
        guard let index = slots.firstIndex(where: { $0.daemon == daemon && $0.number == number }) else { return }
        if forGood {
            slots.remove(at: index)
        } else {
            slots[index].process = nil
            slots[index].armed = crashAt
            slots[index].isHandled = false
        }
    }

    func scaleOut(_ daemon: String) throws {
        let number = (slots.filter { $0.daemon == daemon }.map(\.number).max() ?? 0) + 1
        try start(Slot(daemon: daemon, number: number, port: try FreePorts.take(1)[0]))
        struck(daemon, .scaledOut, "instance \(number)")
    }

    /// Sees who has ended and starts what is to run, until cancelled.
    func watch() async throws {
        while !Task.isCancelled {
            for index in slots.indices where !slots[index].isHandled { look(at: index) }
            for slot in slots where slot.process == nil && !slot.isHandled && slot.restartAt <= ChaosJournal.now() {
                try start(slot)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Every daemon as it should be: nothing armed, nothing to come.
    func disarm() {
        for index in slots.indices { slots[index].armed = nil }
    }

    /// What every daemon says of itself, beside the logs: for whoever has to find out why something did not end.
    func writeStates() async {
        let http = HTTPClient.urlSession()
        for slot in slots {
            var text = ""
            for path in ["/readyz", "/metrics"] {
                let request = OutboundRequest(
                    method: "GET", url: "http://127.0.0.1:\(slot.port)\(path)", headers: [:], body: [],
                    deadline: .seconds(2))
                do {
                    text += String(decoding: try await http.send(request).body, as: UTF8.self) + "\n"
                } catch {
                    text += "\(path): \(error)\n"
                }
            }
            let file = directory.appending(path: "\(slot.daemon)-\(slot.number).state")
            do {
                try text.write(to: file, atomically: true, encoding: .utf8)
            } catch {
                print("chaos: \(file.path): \(error)")
            }
        }
    }

    /// Ends everything; each daemon must go as asked.
    func stop() {
        for slot in slots {
            guard let process = slot.process, process.isRunning else { continue }
            let code = process.stop()
            guard code != 0 else { continue }
            let how = code.map { "exit \($0)" } ?? "it had to be killed"
            journal.write(.fell(daemon: "\(slot.daemon)-\(slot.number)", how: "at the end: \(how): \(process.tail())"))
        }
        sandbox.stop()
    }

    // MARK: Inside

    private func index(_ daemon: String, _ number: Int) -> Int? {
        slots.firstIndex { $0.daemon == daemon && $0.number == number && !$0.isHandled }
    }

    private func struck(_ daemon: String, _ kind: ChaosJournal.Blow.Kind, _ detail: String) {
        let now = ChaosJournal.now()
        journal.write(.struck(.init(daemon: daemon, kind: kind, until: now, detail: detail)), at: now)
    }

    private func look(at index: Int) {
        let slot = slots[index]
        guard let process = slot.process, let end = process.end else { return }
        slots[index].process = nil
        slots[index].armed = nil
        switch end {
        case .signalled(SIGKILL) where slot.armed != nil:
            struck(slot.daemon, .crashed, slot.armed ?? "")
        case .exited(75):
            struck(slot.daemon, .gaveUp, process.tail())
            slots[index].restartAt = ChaosJournal.now() + 500
        default:
            journal.write(.fell(daemon: "\(slot.daemon)-\(slot.number)", how: "\(end): \(process.tail())"))
        }
    }

    private func start(_ slot: Slot) throws {
        var slot = slot
        slot.starts += 1
        let name = "\(slot.daemon)-\(slot.number)"
        slot.process = try DaemonProcess(
            slot.daemon, environment: environment(slot), directory: directory, log: "\(name).\(slot.starts)")
        if let index = slots.firstIndex(where: { $0.daemon == slot.daemon && $0.number == slot.number }) {
            slots[index] = slot
        } else {
            slots.append(slot)
        }
    }

    private func environment(_ slot: Slot) -> [String: String] {
        var environment = Environment.of(slot.daemon, ports, secrets, broker)
        environment["OTP_HTTP_BIND"] = "127.0.0.1:\(slot.port)"
        environment["OTP_LOG_LEVEL"] = "debug"
        environment["OTP_DELIVERY"] = plan.isExactlyOnce ? "exactly-once" : "at-least-once"
        if plan.isRealBroker {
            environment["OTP_KAFKA_OPTIONS"] =
                "session.timeout.ms=\(plan.sessionMs),heartbeat.interval.ms=500,fetch.wait.max.ms=50"
            // The first of each keeps its name and so its place; those that come and go are nobody.
            if slot.number == 1 { environment["OTP_INSTANCE"] = "\(slot.daemon)-1" }
        }
        environment["OTP_CRASH_AT"] = slot.armed
        return environment
    }

    private static func ready(_ port: UInt16, _ process: DaemonProcess) async throws {
        let http = HTTPClient.urlSession()
        let request = OutboundRequest(
            method: "GET", url: "http://127.0.0.1:\(port)/readyz", headers: [:], body: [], deadline: .seconds(2))
        for _ in 0..<1200 {
            guard process.isRunning else { throw WorldError("\(process.name) ended: \(process.tail())") }
            if let answer = try? await http.send(request), answer.status == 200 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw WorldError("\(process.name) did not become ready: \(process.tail())")
    }
}
