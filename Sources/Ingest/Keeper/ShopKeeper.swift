import Model
import Pipeline
import Platforms
import Runtime
import Synchronization

/// Sees to the shops of the partitions this instance owns: renews their tokens, asks whether they still let us in, and asks for
/// orders whose webhooks may have been lost. What it learns it puts to the log, for the owner to apply; it decides nothing.
///
/// One chore a shop at a time, a bounded number in all; a shop in trouble is left alone for longer and longer. Losing what is
/// remembered here (a restart, another owner) costs a repetition at most.
final class ShopKeeper: Sendable {
    static let width = 32
    static let backoff = Backoff(base: .seconds(2), cap: .seconds(600))

    private struct Memory {
        var partition: Int32
        var isBusy = false
        var failures = 0
        var notBefore: Int64 = 0
        var polledAt: Int64?
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

    /// Looks through a partition's shops and starts what is due, as far as there is room; the rest is found by the next look.
    func look(_ partition: Int32, now: Int64, _ each: ((String, ShopRecord) -> Void) -> Void) {
        var found: [(String, ShopRecord, ShopChore)] = []
        state.withLock { state in
            each { shop, record in
                guard state.busy < Self.width else { return }
                var memory = state.shops[shop] ?? Memory(partition: partition)
                memory.partition = partition
                guard !memory.isBusy, now >= memory.notBefore,
                    let chore = ShopChore.due(record, now: now, polledAt: memory.polledAt, pace)
                else { return }
                memory.isBusy = true
                state.busy += 1
                state.shops[shop] = memory
                found.append((shop, record, chore))
            }
        }
        for job in found { starting.yield(job) }
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
        let wait: Duration?
        do throws(ShopAdminError) {
            try await errands.perform(shop, record, chore)
            wait = nil
        } catch {
            errands.report(shop, chore, error)
            if case .after(let least) = error.retry { wait = least } else { wait = .seconds(300) }
        }
        let now = clock.now()
        state.withLock { state in
            state.busy -= 1
            guard var memory = state.shops[shop] else { return }
            memory.isBusy = false
            if let wait {
                memory.failures += 1
                let delay = max(wait, Self.backoff.delay(attempt: memory.failures, random: random()))
                memory.notBefore = now + delay.components.seconds * 1000
            } else {
                memory.failures = 0
                // Time for the word to come back through the log.
                memory.notBefore = now + 2_000
                if chore == .poll { memory.polledAt = began }
            }
            state.shops[shop] = memory
        }
    }
}
