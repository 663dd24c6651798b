import Testing

@testable import Kafka

@Suite("Messages that wait for their lane")
struct RecordBufferTests {
    private func message(_ offset: Int64, bytes: Int = 0) -> IncomingRecord {
        IncomingRecord(
            topic: "input", partition: 0, offset: offset, timestamp: 0, key: nil,
            value: [UInt8](repeating: 0, count: bytes), headers: [])
    }

    @Test("are taken up to a weight, in order, and one at least however heavy it is")
    func weight() {
        var buffer = RecordBuffer(limit: 10)
        for offset: Int64 in 0..<20 { buffer.append(message(offset)) }
        // Every fifth weighs 8.
        let weigh: (IncomingRecord) -> Int = { $0.offset % 5 == 0 ? 8 : 1 }
        let taken = [10, 10, 4, 4].map { limit in buffer.take(limit, weigh).map(\.offset) }
        #expect(taken == [[0, 1, 2], [3, 4, 5], [6, 7, 8, 9], [10]])
        let rest = buffer.take(100).map(\.offset)
        #expect(rest == Array(11..<20))
        #expect(buffer.isEmpty)
    }

    @Test("are let go of when they were taken, however the buffer fills and empties", arguments: [1, 3, 7, 50])
    func released(step: Int) {
        var buffer = RecordBuffer(limit: 2_000)
        var next: Int64 = 0
        for round in 0..<500 {
            for _ in 0..<(round % 2 == 0 ? 2 * step : 0) {
                buffer.append(message(next))
                next += 1
            }
            let first = buffer.first?.offset
            let batch = buffer.take(step)
            #expect(batch.first?.offset == first)
            #expect(buffer.held <= 2 * buffer.count)
            if round % 5 == 0 {
                buffer.putBack(batch)
                #expect(buffer.take(step) == batch)
            }
        }
        while !buffer.isEmpty { _ = buffer.take(step) }
        #expect(buffer.held == 0)
    }

    @Test("are taken in fewer at a time when they are large")
    func size() {
        var buffer = RecordBuffer(limit: 10)
        for offset: Int64 in 0..<3 { buffer.append(message(offset, bytes: RecordBuffer.batchBytes / 2)) }
        let taken = [buffer.take(10).map(\.offset), buffer.take(10).map(\.offset)]
        #expect(taken == [[0], [1]])
    }
}
