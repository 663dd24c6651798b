import Model
import Synchronization
import Testing

@testable import Reaper

@Suite("Settlement pool")
struct PoolTests {
    /// Attempts that stand still until they are let go, and what was seen of them.
    final class Gate: Sendable {
        struct State {
            var running: [String: Int] = [:]
            var most: [String: Int] = [:]
            var mostInAll = 0
            var order: [String] = []
        }

        let state = Mutex(State())

        func attempt(_ job: SettlementJob) async -> SettlementStep {
            let shop = job.intent.shop
            state.withLock { state in
                state.order.append(shop)
                state.running[shop, default: 0] += 1
                state.most[shop] = max(state.most[shop, default: 0], state.running[shop, default: 0])
                state.mostInAll = max(state.mostInAll, state.running.values.reduce(0, +))
            }
            for _ in 0..<20 { await Task.yield() }
            state.withLock { $0.running[shop, default: 1] -= 1 }
            return .done(.tagged, why: nil)
        }
    }

    private func life(_ number: Int, shop: String) -> Life {
        var life = Life(number, shop: shop)
        life.take(.verified)
        life.take(.settlementIntended(.tagVerified))
        return life
    }

    @Test("never more than four at a shop nor the width in all, and everything gets its turn")
    func bounds() async {
        let gate = Gate()
        let pool = SettlementPool(width: 6) { await gate.attempt($0) }
        let (results, finish) = AsyncStream<Void>.makeStream()
        for number in 0..<60 {
            let shop = number < 50 ? "busy.myshopify.com" : "quiet.myshopify.com"
            pool.submit(
                SettlementJob(intent: life(number, shop: shop).intent, progress: .init(), ticket: .init()) { _ in
                    finish.yield()
                })
        }
        async let running: Void = pool.run()
        var done = 0
        for await _ in results {
            done += 1
            if done == 60 { break }
        }
        pool.stop()
        await running
        let state = gate.state.withLock { $0 }
        #expect(state.most["busy.myshopify.com"] == 4)
        #expect(state.mostInAll <= 6)
        // The quiet shop did not wait for the busy one's fifty.
        #expect(state.order.prefix(20).contains("quiet.myshopify.com"))
        #expect(pool.waiting == 0)
    }

    @Test("a throttled attempt waits in its place exactly as long as it was told, then goes on")
    func throttled() async {
        let waits = Mutex<[Duration]>([])
        let attempts = Mutex(0)
        let throttles = Mutex(0)
        let pool = SettlementPool(
            onThrottled: { throttles.withLock { $0 += 1 } }, sleep: { wait in waits.withLock { $0.append(wait) } }
        ) { job in
            let number = attempts.withLock { count in
                count += 1
                return count
            }
            guard number > 2 else { return .again(after: .milliseconds(1300 * number), .throttled, job.progress) }
            return .done(.tagged, why: nil)
        }
        let steps = await steps(of: pool, [life(1, shop: shopDomain)])
        #expect(steps == [.done(.tagged, why: nil)])
        #expect(waits.withLock { $0 } == [.milliseconds(1300), .milliseconds(2600)])
        #expect(throttles.withLock { $0 } == 2)
    }

    @Test("told to wait longer than a minute, an attempt gives its place up")
    func throttledForLong() async {
        let pool = SettlementPool(sleep: { _ in Issue.record("nothing waits in its place for that long") }) {
            .again(after: .seconds(61), .throttled, $0.progress)
        }
        #expect(
            await steps(of: pool, [life(1, shop: shopDomain)]) == [.again(after: .seconds(61), .throttled, .init())])
    }

    @Test("jobs whose ticket was revoked are passed over")
    func revoked() async {
        let attempts = Mutex<[VerificationID]>([])
        let pool = SettlementPool(width: 1) { job in
            attempts.withLock { $0.append(job.intent.id) }
            return .done(.tagged, why: nil)
        }
        let dead = SettlementTicket()
        dead.revoke()
        pool.submit(
            SettlementJob(intent: life(1, shop: shopDomain).intent, progress: .init(), ticket: dead) { _ in
                Issue.record("nobody waits for this")
            })
        let other = life(2, shop: shopDomain)
        #expect(await steps(of: pool, [other]).count == 1)
        #expect(attempts.withLock { $0 } == [other.id])
    }

    private func steps(of pool: SettlementPool, _ lives: [Life]) async -> [SettlementStep] {
        let (results, finish) = AsyncStream<SettlementStep>.makeStream()
        for life in lives {
            pool.submit(
                SettlementJob(intent: life.intent, progress: .init(), ticket: .init()) { finish.yield($0) })
        }
        async let running: Void = pool.run()
        var steps: [SettlementStep] = []
        for await step in results {
            steps.append(step)
            if steps.count == lives.count { break }
        }
        pool.stop()
        await running
        return steps
    }
}
