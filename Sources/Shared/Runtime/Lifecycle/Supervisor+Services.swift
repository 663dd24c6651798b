import Synchronization

extension Supervisor {
    /// Starts one service after the other, each after the one before has started; ends early when stopping has begun.
    func start(_ launch: @escaping @Sendable () async throws -> Launch) async {
        let parts: Launch
        do {
            parts = try await launch()
        } catch {
            report.yield(.failed("start", error))
            return
        }
        let door = parts.door.map { [($0, true)] } ?? []
        for (service, isDoor) in door + parts.services.map({ ($0, false) }) {
            let goesOn = state.withLock { state in
                guard !state.isStopping else { return false }
                state.hasBegun = true
                state.busy = service.name
                return true
            }
            guard goesOn else { return }
            do {
                try await service.start?()
            } catch {
                report.yield(.failed(service.name, error))
                return
            }
            let task = service.run.map { run in Task { await self.follow(service.name, run) } }
            state.withLock { $0.running.append(Running(service: service, isDoor: isDoor, task: task)) }
        }
        let isUp = state.withLock { state in
            guard !state.isStopping else { return false }
            health.enter(.running)
            return true
        }
        if isUp { log.info("started", [("services", .number(parts.services.count))]) }
    }

    /// The door, then the rest in reverse, each until its `run` has returned.
    func stopAll() async {
        let running = state.withLock { $0.running }
        for part in running.filter(\.isDoor) + running.filter({ !$0.isDoor }).reversed() {
            state.withLock { $0.busy = part.service.name }
            await part.service.stop()
            await part.task?.value
            log.debug("service stopped", [("service", .text(part.service.name))])
        }
    }

    private func follow(_ name: String, _ run: @Sendable () async throws -> Void) async {
        do {
            try await run()
            report.yield(.endedEarly(name))
        } catch {
            report.yield(.failed(name, error))
        }
    }
}
