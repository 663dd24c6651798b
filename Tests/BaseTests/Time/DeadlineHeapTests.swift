import Base
import Testing

@Suite("What is due when")
struct DeadlineHeapTests {
    @Test("entries come out by time, none before it")
    func order() {
        var queue = DeadlineHeap<Int>()
        let times: [Int64] = [5, 3, 9, 1, 7, 3, 8, 2, 6, 4]
        for time in times { queue.add(Int(time), at: time) }
        var out: [Int] = []
        while let element = queue.take(due: 6) { out.append(element) }
        #expect(out == [1, 2, 3, 3, 4, 5, 6])
        #expect(queue.next == 7)
        #expect(queue.count == 3)
    }

    @Test("comes out in order over random times, some of them the same", arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) {
        var random = Xorshift(seed)
        var heap = DeadlineHeap<Int64>()
        var plain: [Int64] = []
        for _ in 0..<5000 {
            if Bool.random(using: &random) {
                let time = Int64.random(in: 0..<300, using: &random)
                heap.add(time, at: time)
                plain.append(time)
            } else {
                let now = Int64.random(in: 0..<300, using: &random)
                let least = plain.min().flatMap { $0 <= now ? $0 : nil }
                #expect(heap.take(due: now) == least)
                if let least, let index = plain.firstIndex(of: least) { plain.remove(at: index) }
            }
            #expect(heap.next == plain.min())
            #expect(heap.count == plain.count)
        }
    }
}
