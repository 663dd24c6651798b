import Base
import Model
import Pipeline
import Platforms
import Synchronization

/// Sees to the shops of the partitions this instance owns: renews their tokens, asks whether they still let us in, and
/// asks for orders whose webhooks may have been lost. What it learns it puts to the log, for the owner to apply; it
/// decides nothing.
///
/// One chore a shop at a time, a bounded number in all; a shop in trouble is left alone for longer and longer. Losing
/// what is remembered here (a restart, another owner) costs a repetition at most.
final class ShopKeeper: Sendable {
    static let width = 32
    /// Places that asking for orders may not take: a token that ends does not wait for somebody's backlog.
    static let reserved = 8
    /// For so long a token that was renewed is not renewed again, while the word of it is on its way through the log.
    static let renewedMs: Int64 = 60_000
    static let backoff = Backoff(base: .seconds(2), cap: .seconds(600))

    private struct Memory {
        var partition: Int32
        var isBusy = false
        var failures = 0
        var notBefore: Int64 = 0
        var polledAt: Int64?
        var beganAt: Int64 = 0
        /// The grant that was renewed last, and when.
        var renewed: (grant: Int64?, at: Int64)?
    }

    private struct State {
        var shops: [String: Memory] = [:]
        var busy = 0
    }

    private let errands: ShopErrands
    private let clock: Clock
    private let pace: ShopChore.Pace
    private let random: @Sendable () -> Double
    private let state = Mutex(State())
    private let (jobs, starting) = AsyncStream<(String, ShopRecord, ShopChore)>.makeStream()

    init(
        _ errands: ShopErrands, pace: ShopChore.Pace = .init(), clock: Clock,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.errands = errands
        self.pace = pace
        self.clock = clock
        self.random = random
    }

    /// Looks through a partition's shops and starts what is due, as far as there is room; the rest is found by the next
    /// look.
    func look(_ partition: Int32, now: Int64, _ each: ((String, ShopRecord) -> Void) -> Void) {
        var urgent: [(String, ShopRecord, ShopChore)] = []
        var polls: [(String, ShopRecord, ShopChore)] = []
        state.withLock { state in
            each { shop, record in
                guard urgent.count < Self.width, let chore = due(shop, record, state.shops[shop], now: now) else {
                    return
                }
                if chore == .poll {
                    if polls.count < Self.width { polls.append((shop, record, chore)) }
                } else {
                    urgent.append((shop, record, chore))
                }
            }
            urgent = Array(urgent.prefix(max(0, Self.width - state.busy)))
            polls = Array(polls.prefix(max(0, Self.width - Self.reserved - state.busy - urgent.count)))
            for (shop, record, chore) in urgent + polls {
                var memory = state.shops[shop] ?? Memory(partition: partition)
                (memory.partition, memory.isBusy, memory.beganAt) = (partition, true, now)
                if chore == .refresh { memory.renewed = (record.installation?.grant?.number, now) }
                state.busy += 1
                state.shops[shop] = memory
            }
        }
        for job in urgent + polls { starting.yield(job) }
    }

    private func due(_ shop: String, _ record: ShopRecord, _ memory: Memory?, now: Int64) -> ShopChore? {
        guard let memory else { return ShopChore.due(record, now: now, polledAt: nil, pace) }
        // The word of an uninstall is looked into at once, whatever went wrong before it.
        let isTold = record.installation?.care?.uninstallToldAt.map { $0 > memory.beganAt } ?? false
        guard !memory.isBusy, now >= memory.notBefore || isTold,
            let chore = ShopChore.due(record, now: now, polledAt: memory.polledAt, pace)
        else { return nil }
        if chore == .refresh, let renewed = memory.renewed, renewed.grant == record.installation?.grant?.number,
            memory.failures == 0, now - renewed.at < Self.renewedMs
        {
            return nil
        }
        return chore
    }

    /// The partition is another's now.
    func forget(_ partition: Int32) {
        state.withLock { state in
            state.shops = state.shops.filter { $0.value.partition != partition || $0.value.isBusy }
        }
    }

    /// Until `stop`; what is under way then is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await (shop, record, chore) in jobs {
                group.addTask { await self.perform(shop, record, chore) }
            }
            group.cancelAll()
        }
    }

    func stop() { starting.finish() }

    /// How many chores are under way.
    var busy: Int { state.withLock { $0.busy } }

    func perform(_ shop: String, _ record: ShopRecord, _ chore: ShopChore) async {
        let began = clock.now()
        var hasMore = false
        var failure: ShopAdminError?
        do throws(ShopAdminError) {
            hasMore = try await errands.perform(shop, record, chore)
        } catch {
            failure = error
            errands.report(shop, chore, error)
        }
        let now = clock.now()
        state.withLock { state in
            state.busy -= 1
            guard var memory = state.shops[shop] else { return }
            memory.isBusy = false
            if let failure {
                memory.notBefore = now + wait(after: failure, &memory.failures)
            } else {
                memory.failures = 0
                // Time for the word to come back through the log.
                memory.notBefore = now + 2_000
                if chore == .poll, !hasMore { memory.polledAt = began }
            }
            state.shops[shop] = memory
        }
    }

    /// Milliseconds. A budget that is used up is waited for as long as it takes and no longer; trouble for longer and
    /// longer.
    private func wait(after error: ShopAdminError, _ failures: inout Int) -> Int64 {
        if case .throttled(let after) = error.kind { return after.milliseconds }
        failures += 1
        var least = Duration.seconds(300)
        if case .after(let asked) = error.retry { least = asked }
        return max(least, Self.backoff.delay(attempt: failures, random: random())).milliseconds
    }
}
