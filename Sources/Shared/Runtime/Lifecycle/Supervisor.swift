import Dispatch
import Synchronization

/// Runs a daemon's services from start to end and says how it ended: asked by a signal, or because a service failed.
/// Stopping takes no longer than the deadline; a second signal ends the wait. What is stuck then is left behind, which
/// is safe only because the process ends next.
final class Supervisor: Sendable {
    /// What a daemon consists of. The door starts first, so that a taken port is noticed before anything else happens,
    /// and stops first, so that the services can still answer what is in flight.
    struct Launch: Sendable {
        let door: Service?
        let services: [Service]
    }

    enum Happening: Sendable {
        case signal(String)
        case failed(String, any Error)
        case endedEarly(String)
        case stopped
        case deadline
    }

    struct Running {
        let service: Service
        let isDoor: Bool
        let task: Task<Void, Never>?
    }

    struct State {
        var isStopping = false
        var hasBegun = false
        var running: [Running] = []
        /// The service that is started or stopped just now.
        var busy = ""
    }

    let log: Log
    let health: Health
    let state = Mutex(State())
    let report: AsyncStream<Happening>.Continuation
    private let happenings: AsyncStream<Happening>
    private let deadline: Duration
    private let beginsToStop: @Sendable () -> Void

    init(log: Log, health: Health, deadline: Duration, beginsToStop: @escaping @Sendable () -> Void = {}) {
        self.beginsToStop = beginsToStop
        self.log = log
        self.health = health
        self.deadline = deadline
        (happenings, report) = AsyncStream.makeStream()
    }

    /// Until a signal's name arrives, or `launch` or a service fails.
    func run(
        signals: AsyncStream<String>, launch: @escaping @Sendable () async throws -> Launch
    ) async -> ExitCode {
        health.enter(.starting)
        let forwarder = Task {
            for await name in signals { report.yield(.signal(name)) }
        }
        defer { forwarder.cancel() }
        let launcher = Task { await self.start(launch) }
        var events = happenings.makeAsyncIterator()
        let first = await events.next()
        beginsToStop()
        let code = decide(first)
        launcher.cancel()
        let hasBegun = state.withLock { state in
            state.isStopping = true
            health.enter(.stopping)
            return state.hasBegun
        }
        guard hasBegun else { return code }
        // Never cancelled: a stop that is cut short would lose what it was about to write.
        Task {
            await launcher.value
            await self.stopAll()
            self.report.yield(.stopped)
        }
        let wait = DispatchTimeInterval.nanoseconds(Int(deadline.nanoseconds))
        DispatchQueue.global().asyncAfter(deadline: .now() + wait) { self.report.yield(.deadline) }
        while let event = await events.next() {
            switch event {
            case .stopped:
                if state.withLock({ !$0.running.isEmpty }) { log.info("stopped") }
                return code
            case .deadline, .signal:
                log.error("gave up stopping", [("service", .text(state.withLock { $0.busy }))])
                return code == .ok ? .environment : code
            case .failed(let name, let error):
                log.warning("failed while stopping", [("service", .text(name)), ("error", .error(error))])
            case .endedEarly:
                continue
            }
        }
        return code
    }

    /// The first thing that happens decides how the daemon ends.
    private func decide(_ event: Happening?) -> ExitCode {
        switch event {
        case .signal(let name):
            log.info("stopping", [("signal", .text(name))])
            return .ok
        case .failed(let name, let error):
            let code = (error as? any DaemonExit)?.exitCode ?? .bug
            log.error("failed", [("service", .text(name)), ("error", .error(error)), ("exit", .number(code.rawValue))])
            return code
        case .endedEarly(let name):
            log.error("ended by itself", [("service", .text(name)), ("exit", .number(ExitCode.bug.rawValue))])
            return .bug
        case .stopped, .deadline, nil:
            preconditionFailure("nothing was stopping yet")
        }
    }
}
