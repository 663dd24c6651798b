import Testing

@testable import Sender

@Suite("What is due when")
struct DueQueueTests {
    @Test("entries come out by time, none before it")
    func order() {
        var queue = DueQueue<Int>()
        let times: [Int64] = [5, 3, 9, 1, 7, 3, 8, 2, 6, 4]
        for time in times { queue.add(Int(time), at: time) }
        var out: [Int] = []
        while let element = queue.take(due: 6) { out.append(element) }
        #expect(out == [1, 2, 3, 3, 4, 5, 6])
        #expect(queue.next == 7)
        #expect(queue.count == 3)
    }
}
