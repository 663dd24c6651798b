/// Which keys are due when: one deadline a key, a ``DeadlineHeap`` over all of them, and lazy deletion.
///
/// Setting and popping cost O(log n), removing O(1). A moved or removed deadline leaves its old heap entry behind,
/// which is passed over when its turn comes; the heap is made anew from what is alive once it is mostly dead. For a
/// 16-byte key this is 80 to 100 bytes an entry, growth included.
///
/// Inlinable, so that the module which knows the key compiles it for that key: a million timers that end together are
/// otherwise moved by way of their type's metadata.
public struct DeadlineQueue<Key: Hashable> {
    @usableFromInline var heap = DeadlineHeap<Key>()
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
        heap.add(key, at: deadline)
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
        while let first = heap.entries.first {
            if live[first.element] == first.at { return first.at }
            heap.removeFirst()
        }
        return nil
    }

    /// Removes what is due at `now`, the earliest first, at most `limit` keys.
    @inlinable
    public mutating func popDue(now: Int64, limit: Int = .max) -> [(key: Key, at: Int64)] {
        var due: [(key: Key, at: Int64)] = []
        while due.count < limit, let first = heap.entries.first, first.at <= now {
            heap.removeFirst()
            guard live[first.element] == first.at else { continue }
            live[first.element] = nil
            due.append((first.element, first.at))
        }
        return due
    }

    @inlinable
    mutating func rebuild() {
        heap.replaceAll(with: live.map { DeadlineHeap<Key>.Entry(at: $0.value, element: $0.key) })
    }
}

extension DeadlineQueue: Sendable where Key: Sendable {}
