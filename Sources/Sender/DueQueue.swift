/// What is due when: a binary heap by time. Entries are never taken back; whoever takes one out checks whether it
/// still holds.
struct DueQueue<Element> {
    private var heap: [(at: Int64, element: Element)] = []

    var count: Int { heap.count }

    /// When the first entry is due.
    var next: Int64? { heap.first?.at }

    mutating func add(_ element: Element, at: Int64) {
        heap.append((at, element))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].at < heap[parent].at else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The earliest entry that is due by `now`.
    mutating func take(due now: Int64) -> Element? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first.element }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].at < heap[least].at {
                least = child
            }
            guard least != parent else { return first.element }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
