import Base
import Kafka
import Model
import Pipeline
import Runtime
import Synchronization
import Testing

@testable import Reaper

@Suite("Sweeps")
struct SweepTests {
    static let day: Int64 = 86_400_000
    static let now = start + 100 * day

    /// A sweeper over scripted partitions.
    final class World: Sendable {
        struct State {
            var rows: [Int32: [IncomingRecord]] = [:]
            var assigned: [Int32] = [0]
            var delivered: [OutgoingRecord] = []
            var rests: [Duration] = []
            var fails = false
            /// Rows handed out before the partition is lost.
            var lostAfter: Int?
        }

        struct Refused: Error {}

        let state = Mutex(State())
        let clock = ManualClock(SweepTests.now)
        let lines = Lines()
        let registry = Metrics()
        let erasures: ErasureTable
        let sweeper: Sweeper

        init() {
            let metrics = ReaperMetrics(registry)
            erasures = ErasureTable(unreadable: metrics.unreadableRows)
            let box = WorldBox()
            sweeper = Sweeper(
                .init(
                    topology: topology, assigned: { box.state { $0.assigned } ?? [] },
                    stream: { partition, isWanted, onRecord in
                        let (rows, lostAfter) = box.state { ($0.rows[partition] ?? [], $0.lostAfter) } ?? ([], nil)
                        for (index, row) in rows.enumerated() {
                            if index == lostAfter { box.change { $0.assigned = [] } }
                            guard isWanted() else { return false }
                            onRecord(row)
                        }
                        return true
                    },
                    deliver: { records in
                        if box.state({ $0.fails }) == true { throw Refused() }
                        box.change { $0.delivered += records }
                    },
                    rest: { pause in box.change { $0.rests.append(pause) } }, now: clock.clock.now),
                erasures: erasures, metrics: metrics, log: lines.log())
            box.world.withLock { $0 = self }
        }

        func change(_ set: (inout State) -> Void) { state.withLock { set(&$0) } }

        var sent: Sent {
            let sent = Sent()
            for record in state.withLock({ $0.delivered }) { sent.outbox.send(record) { _ in } }
            return sent
        }

        var receipts: [String] {
            state.withLock { $0.delivered }.filter { $0.topic == "otp.receipts" }
                .map { String(decoding: $0.key ?? [], as: UTF8.self) }
        }

        func take(_ request: ErasureRequest) { erasures.take(Life.row(request.record(topology))) }
    }

    final class WorldBox: Sendable {
        let world = Mutex<World?>(nil)
        func state<Value: Sendable>(_ read: (World.State) -> Value) -> Value? {
            world.withLock { $0 }.map { $0.state.withLock { read($0) } }
        }
        func change(_ set: (inout World.State) -> Void) { world.withLock { $0 }?.change(set) }
    }

    private func request(_ id: String, phone: String = "ph1", at: Int64 = start + day) -> ErasureRequest {
        ErasureRequest(
            id: id, shop: shopDomain, phoneHashes: [phone], customerHash: nil, orders: [], requestedAt: at)
    }

    private func old(_ number: Int, days: Int64) -> Life {
        Life(number, openedAt: Self.now - days * Self.day)
    }

    @Test("records older than 88 days are asked to be erased with their texts, younger ones and tombstones not")
    func age() async {
        let world = World()
        var several = old(1, days: 89)
        several.take(.textAsked(number: 2, generation: 1))
        var gone = old(4, days: 89)
        gone.take(.erased(Erasure(shop: shopDomain, texts: 1)))
        world.change { $0.rows[0] = [several.row, old(2, days: 88).row, old(3, days: 1).row, gone.row] }
        #expect(await !world.sweeper.sweepNext())
        world.clock.advance(by: .seconds(60))
        #expect(await world.sweeper.sweepNext())
        #expect(world.sent.attempts == ["erase a.myshopify.com 2", "erase a.myshopify.com 1"])
        #expect(await !world.sweeper.sweepNext())
    }

    @Test("every six hours again")
    func everySixHours() async {
        let world = World()
        world.change { $0.assigned = [0, 3] }
        var swept = 0
        for _ in 0..<24 {
            world.clock.advance(by: .seconds(3600))
            while await world.sweeper.sweepNext() { swept += 1 }
        }
        #expect(swept == 8)
    }

    @Test("several rows of one record lead to one ask, unless a later row has more texts")
    func repeatedRows() async {
        let world = World()
        var life = old(1, days: 89)
        var rows = [life.row, life.row]
        life.take(.textAsked(number: 2, generation: 1))
        rows += [life.row, life.row]
        world.change { [rows] in $0.rows[0] = rows }
        _ = await world.sweeper.sweepNext()
        world.clock.advance(by: .seconds(60))
        _ = await world.sweeper.sweepNext()
        #expect(world.sent.attempts == ["erase a.myshopify.com 1", "erase a.myshopify.com 2"])
    }

    @Test("an erasure is swept for at once; its receipt comes with the first sweep that finds nothing")
    func erasure() async {
        let world = World()
        let (mine, theirs) = (Life(1), Life(2))
        world.change { $0.rows[0] = [mine.row, theirs.row] }
        world.clock.set(start + 2 * Self.day)
        world.take(request("r1"))
        #expect(await world.sweeper.sweepNext())
        #expect(world.sent.attempts == ["erase a.myshopify.com 1"])
        #expect(world.state.withLock { $0.delivered.first?.key } == Array(mine.id.text.utf8))
        #expect(world.receipts.isEmpty)
        #expect(await !world.sweeper.sweepNext())

        // Compaction has removed it.
        world.change { $0.rows[0] = [theirs.row] }
        world.clock.advance(by: .seconds(6 * 3600))
        #expect(await world.sweeper.sweepNext())
        #expect(world.receipts == ["r1/0"])
        world.clock.advance(by: .seconds(6 * 3600))
        #expect(await world.sweeper.sweepNext())
        #expect(world.receipts == ["r1/0"])
    }

    @Test("what was opened after the request stays and does not hold back the receipt")
    func openedLater() async {
        let world = World()
        world.change { $0.rows[0] = [Life(1).row] }
        world.clock.set(start + Self.day)
        world.take(request("r1", at: start))
        _ = await world.sweeper.sweepNext()
        #expect(world.sent.attempts.isEmpty)
        #expect(world.receipts == ["r1/0"])
    }

    @Test("a request taken back or a beat asks for nothing")
    func removed() async {
        let world = World()
        world.take(request("r1"))
        var tombstone = request("r1").record(topology)
        tombstone.value = nil
        world.erasures.take(Life.row(tombstone))
        world.erasures.take(Life.row(Wire.beat(Catalogue.erasures, topology, partition: 0)))
        #expect(world.erasures.view.requests.isEmpty)
        _ = await world.sweeper.sweepNext()
        #expect(world.receipts.isEmpty)
    }

    @Test("a row that can't be read could be anybody's: no receipt")
    func unreadable() async {
        let world = World()
        let broken = Wire.record(Catalogue.records, topology, key: Life().id.text, type: "verification", value: [1])
        world.change { $0.rows[0] = [Life.row(broken)] }
        world.take(request("r1"))
        #expect(await world.sweeper.sweepNext())
        #expect(world.receipts.isEmpty)
    }

    @Test(
        "a sweep that loses its partition or is refused writes no receipt and is done again", arguments: [true, false])
    func brokenOff(isLost: Bool) async {
        let world = World()
        world.change { state in
            state.rows[0] = [Life(1).row, Life(2).row]
            state.lostAfter = isLost ? 1 : nil
            state.fails = !isLost
        }
        world.clock.set(start + 2 * Self.day)
        world.take(request("r1"))
        world.take(request("r2", phone: "nobody"))
        #expect(await world.sweeper.sweepNext())
        #expect(world.receipts.isEmpty)
        world.change { state in
            state.lostAfter = nil
            state.fails = false
            state.assigned = [0]
        }
        world.clock.advance(by: .seconds(61))
        #expect(await world.sweeper.sweepNext())
        #expect(world.sent.attempts == ["erase a.myshopify.com 1"])
        #expect(world.receipts == ["r2/0"])
    }

    @Test("asks go out in batches with a rest after each, so that a sweep never floods")
    func pace() async {
        let world = World()
        let rows = (0..<120).map { old($0, days: 90).row }
        world.change { $0.rows[0] = rows }
        _ = await world.sweeper.sweepNext()
        world.clock.advance(by: .seconds(60))
        _ = await world.sweeper.sweepNext()
        #expect(world.sent.attempts.count == 120)
        #expect(world.state.withLock { $0.rests } == Array(repeating: SweepPass.pause, count: 3))
    }
}
