/// What is due when: a four-way heap by time. Entries are never taken back; whoever takes one out checks whether it
/// still holds. Entries of the same time come out in any order.
///
/// Adding and taking cost O(log n). Inlinable, so that the module which knows the element compiles it for that element.
public struct DeadlineHeap<Element> {
    @usableFromInline
    struct Entry {
        @usableFromInline var at: Int64
        @usableFromInline var element: Element

        @inlinable
        init(at: Int64, element: Element) {
            self.at = at
            self.element = element
        }
    }

    @usableFromInline var entries: [Entry] = []

    @inlinable
    public init() {}

    @inlinable public var count: Int { entries.count }

    /// When the first entry is due, in the unit that the entries came with.
    @inlinable public var next: Int64? { entries.first?.at }

    @inlinable
    public mutating func add(_ element: Element, at time: Int64) {
        entries.append(Entry(at: time, element: element))
        siftUp(from: entries.count - 1)
    }

    /// The earliest entry that is due by `now`.
    @inlinable
    public mutating func take(due now: Int64) -> Element? {
        guard let first = entries.first, first.at <= now else { return nil }
        removeFirst()
        return first.element
    }

    /// There must be one.
    @inlinable
    mutating func removeFirst() {
        let last = entries.removeLast()
        guard !entries.isEmpty else { return }
        entries[0] = last
        siftDown(from: 0)
    }

    @inlinable
    mutating func replaceAll(with entries: [Entry]) {
        self.entries = entries
        guard entries.count > 1 else { return }
        for index in stride(from: (entries.count - 2) / 4, through: 0, by: -1) { siftDown(from: index) }
    }

    @inlinable
    mutating func siftUp(from start: Int) {
        let moving = entries[start]
        var index = start
        while index > 0 {
            let parent = (index - 1) / 4
            guard moving.at < entries[parent].at else { break }
            entries[index] = entries[parent]
            index = parent
        }
        entries[index] = moving
    }

    @inlinable
    mutating func siftDown(from start: Int) {
        let moving = entries[start]
        var index = start
        while true {
            let firstChild = 4 * index + 1
            guard firstChild < entries.count else { break }
            var child = firstChild
            for other in (firstChild + 1)..<max(min(firstChild + 4, entries.count), firstChild + 1)
            where entries[other].at < entries[child].at {
                child = other
            }
            guard entries[child].at < moving.at else { break }
            entries[index] = entries[child]
            index = child
        }
        entries[index] = moving
    }
}

extension DeadlineHeap.Entry: Sendable where Element: Sendable {}
extension DeadlineHeap: Sendable where Element: Sendable {}
