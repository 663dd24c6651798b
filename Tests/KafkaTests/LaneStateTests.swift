import Dispatch
@testable import Kafka
import Testing

/// A lane's own view of how far it has come; no broker is asked for anything.
@Suite("A lane's progress")
struct LaneStateTests {
    private func lane() throws -> LaneState {
        let kafka = settings("127.0.0.1:1")
        let desk = DeskSettings(
            kafka: kafka, input: "input", group: "desk", delivery: .exactlyOnce, transactionalIdPrefix: "desk-",
            tables: [])
        let context = try DeskContext(desk, member: try Client(.consumer, kafka, [("group.id", "desk")])) { lane in
            TestLogic(lane, TestLogic.Script(), Collected())
        }
        let queue = DispatchQueue(label: "lane")
        let state = LaneState(LaneWorker(.standalone(partition: 0), queue, context) { _, _ in }, batchLimit: 10)
        state.opened(at: 5, end: 8)
        state.positioned()
        return state
    }

    private func message(_ offset: Int64) -> IncomingRecord {
        IncomingRecord(
            topic: "input", partition: 0, offset: offset, timestamp: 0, key: nil, value: nil, headers: [])
    }

    @Test("a drained input is settled up to its end, past the transactions' markers that are never handed out")
    func drained() throws {
        let lane = try lane()
        #expect(lane.reached == 5)
        lane.accept(message(5))
        lane.accept(message(6))
        lane.reachedEnd(8)
        #expect(lane.reached == 5, "two messages wait")
        let batch = try #require(lane.nextBatch(10)).batch
        lane.phase = .busy
        #expect(lane.reached == 5, "two messages are being decided")
        lane.settled(next: 7)
        #expect(batch.count == 2)
        #expect(lane.reached == 8)
        lane.phase = .busy
        #expect(lane.reached == 8, "a tick takes nothing back")
    }

    @Test("what is undone is left to do, and what comes after the end counts again")
    func undone() throws {
        let lane = try lane()
        lane.accept(message(5))
        lane.reachedEnd(8)
        let batch = try #require(lane.nextBatch(10)).batch
        lane.undone(batch, blamesRecord: true)
        #expect(lane.reached == 5)
        #expect(try #require(lane.nextBatch(10)).batch == batch)
        lane.settled(next: 6)
        #expect(lane.reached == 8)
        lane.accept(message(8))
        #expect(lane.reached == 6)
        lane.settled(next: 9)
        #expect(lane.reached == 9)
        lane.reachedEnd(10)
        #expect(lane.reached == 10)
    }

    @Test("an end seen before the position was taken up says nothing")
    func repositioned() throws {
        let lane = try lane()
        lane.reachedEnd(8)
        #expect(lane.reached == 8)
        lane.opened(at: 6, end: 9)
        lane.reachedEnd(9)
        #expect(lane.reached == 6)
    }

    @Test("what wrote nothing is settled and owed, until a batch or a tick has committed it")
    func owes() throws {
        let lane = try lane()
        lane.settled(next: 6, owes: true)
        #expect(lane.owes && lane.reached == 6)
        lane.settled(next: nil, owes: true)
        #expect(lane.owes, "a tick without the group's word leaves it")
        lane.undone([], blamesRecord: false)
        #expect(lane.owes)
        lane.settled(next: nil)
        #expect(!lane.owes && lane.reached == 6)
    }
}
