/// Which keys are due when: one deadline a key, a four-way heap over all of them, and lazy deletion.
///
/// Setting and popping cost O(log n), removing O(1). A moved or removed deadline leaves its old heap entry behind, which
/// is passed over when its turn comes; the heap is made anew from what is alive once it is mostly dead. For a
/// 16-byte key this is 80 to 100 bytes an entry, growth included.
///
/// Inlinable, so that the module which knows the key compiles it for that key: a million timers that end together are otherwise
/// moved by way of their type's metadata.
public struct DeadlineQueue<Key: Hashable> {
    @usableFromInline
    struct Entry {
        @usableFromInline var at: Int64
        @usableFromInline var key: Key

        @inlinable
        init(at: Int64, key: Key) {
            self.at = at
            self.key = key
        }
    }

    @usableFromInline var heap: [Entry] = []
    @usableFromInline var live: [Key: Int64] = [:]

    @inlinable
    public init() {}

    @inlinable public var count: Int { live.count }

    /// The key's deadline, in milliseconds since 1970; nil when it has none.
    @inlinable public subscript(key: Key) -> Int64? { live[key] }

    /// Sets or moves a key's deadline.
    @inlinable
    public mutating func set(_ key: Key, at deadline: Int64) {
        guard live.updateValue(deadline, forKey: key) != deadline else { return }
        heap.append(Entry(at: deadline, key: key))
        siftUp(from: heap.count - 1)
        if heap.count > 2 * live.count + 64 { rebuild() }
    }

    @inlinable
    public mutating func remove(_ key: Key) {
        guard live.removeValue(forKey: key) != nil else { return }
        if heap.count > 2 * live.count + 64 { rebuild() }
    }

    /// The earliest deadline.
    @inlinable
    public mutating func earliest() -> Int64? {
        while let first = heap.first {
            if live[first.key] == first.at { return first.at }
            popFirst()
        }
        return nil
    }

    /// Removes what is due at `now`, the earliest first, at most `limit` keys.
    @inlinable
    public mutating func popDue(now: Int64, limit: Int = .max) -> [(key: Key, at: Int64)] {
        var due: [(key: Key, at: Int64)] = []
        while due.count < limit, let first = heap.first, first.at <= now {
            popFirst()
            guard live[first.key] == first.at else { continue }
            live[first.key] = nil
            due.append((first.key, first.at))
        }
        return due
    }

    @inlinable
    mutating func popFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        siftDown(from: 0)
    }

    @inlinable
    mutating func rebuild() {
        heap = live.map { Entry(at: $0.value, key: $0.key) }
        guard heap.count > 1 else { return }
        for index in stride(from: (heap.count - 2) / 4, through: 0, by: -1) { siftDown(from: index) }
    }

    @inlinable
    mutating func siftUp(from start: Int) {
        let moving = heap[start]
        var index = start
        while index > 0 {
            let parent = (index - 1) / 4
            guard moving.at < heap[parent].at else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = moving
    }

    @inlinable
    mutating func siftDown(from start: Int) {
        let moving = heap[start]
        var index = start
        while true {
            let firstChild = 4 * index + 1
            guard firstChild < heap.count else { break }
            var child = firstChild
            for other in (firstChild + 1)..<max(min(firstChild + 4, heap.count), firstChild + 1)
            where heap[other].at < heap[child].at {
                child = other
            }
            guard heap[child].at < moving.at else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = moving
    }
}

extension DeadlineQueue.Entry: Sendable where Key: Sendable {}
extension DeadlineQueue: Sendable where Key: Sendable {}
