import Synchronization

/// Runs settlement attempts: a bounded number in the process, four at a shop, shops in turn.
///
/// An attempt that the shop's budget stopped keeps its place and waits there exactly as long as it was told: with the
/// places taken, the others of that shop ask for nothing meanwhile. Told to wait longer than a budget takes to fill, it
/// gives its place up and is reported. Jobs whose ticket was revoked fall out.
final class SettlementPool: Sendable {
    /// The longest wait in a place, which all shops share.
    static let patience = Duration.seconds(60)

    private struct State {
        var waiting: [String: [SettlementJob]] = [:]
        /// Shops with waiting jobs and a free place, in turn.
        var ready: [String] = []
        var running: [String: Int] = [:]
        var total = 0
    }

    private let width: Int
    private let perShop: Int
    private let attempt: @Sendable (SettlementJob) async -> SettlementStep
    private let sleep: @Sendable (Duration) async throws -> Void
    private let onThrottled: @Sendable () -> Void
    private let state = Mutex(State())
    private let (jobs, starting) = AsyncStream<SettlementJob>.makeStream()

    init(
        width: Int = 64, perShop: Int = 4, onThrottled: @escaping @Sendable () -> Void = {},
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        attempt: @escaping @Sendable (SettlementJob) async -> SettlementStep
    ) {
        self.width = width
        self.perShop = perShop
        self.onThrottled = onThrottled
        self.sleep = sleep
        self.attempt = attempt
    }

    /// Returns at once; the job's `report` is called when its turn has come and gone.
    func submit(_ job: SettlementJob) {
        start { state in
            let shop = job.intent.shop
            state.waiting[shop, default: []].append(job)
            if state.waiting[shop]?.count == 1, state.running[shop, default: 0] < perShop { state.ready.append(shop) }
        }
    }

    /// Until `stop`; what is under way then is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs {
                group.addTask { await self.perform(job) }
            }
            group.cancelAll()
        }
    }

    func stop() { starting.finish() }

    var running: Int { state.withLock { $0.total } }
    var waiting: Int { state.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }

    private func perform(_ first: SettlementJob) async {
        let step = await settle(first)
        if first.ticket.isValid, step != .abandoned { first.report(step) }
        finished(first.intent.shop)
    }

    private func settle(_ job: SettlementJob) async -> SettlementStep {
        var job = job
        while job.ticket.isValid, !Task.isCancelled {
            let step = await attempt(job)
            guard case .again(let wait, .throttled, let progress) = step, wait <= Self.patience else { return step }
            onThrottled()
            do { try await sleep(wait) } catch { return .abandoned }
            job = SettlementJob(intent: job.intent, progress: progress, ticket: job.ticket, report: job.report)
        }
        return .abandoned
    }

    private func finished(_ shop: String) {
        start { state in
            let wasFull = state.running[shop] == perShop
            state.total -= 1
            let left = state.running[shop, default: 1] - 1
            state.running[shop] = left == 0 ? nil : left
            if wasFull, state.waiting[shop] != nil { state.ready.append(shop) }
        }
    }

    /// Changes the state, then starts what has a place.
    private func start(after change: (inout State) -> Void) {
        let chosen = state.withLock { state in
            change(&state)
            var chosen: [SettlementJob] = []
            while state.total < width, !state.ready.isEmpty {
                let shop = state.ready.removeFirst()
                guard var queue = state.waiting[shop] else { continue }
                let job = queue.removeFirst()
                state.waiting[shop] = queue.isEmpty ? nil : queue
                guard job.ticket.isValid else {
                    if !queue.isEmpty { state.ready.append(shop) }
                    continue
                }
                state.total += 1
                state.running[shop, default: 0] += 1
                if !queue.isEmpty, state.running[shop, default: 0] < perShop { state.ready.append(shop) }
                chosen.append(job)
            }
            return chosen
        }
        for job in chosen { starting.yield(job) }
    }
}
