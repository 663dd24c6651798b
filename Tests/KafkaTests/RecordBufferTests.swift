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
        #expect(buffer.take(10, weigh).map(\.offset) == [0, 1, 2])
        #expect(buffer.take(10, weigh).map(\.offset) == [3, 4, 5])
        #expect(buffer.take(4, weigh).map(\.offset) == [6, 7, 8, 9])
        #expect(buffer.take(4, weigh).map(\.offset) == [10])
        #expect(buffer.take(100).map(\.offset) == Array(11..<20))
        #expect(buffer.isEmpty)
    }

    @Test("are taken in fewer at a time when they are large")
    func size() {
        var buffer = RecordBuffer(limit: 10)
        for offset: Int64 in 0..<3 { buffer.append(message(offset, bytes: RecordBuffer.batchBytes / 2)) }
        #expect(buffer.take(10).map(\.offset) == [0])
        #expect(buffer.take(10).map(\.offset) == [1])
    }
}
