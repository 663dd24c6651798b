/// A lane's state by key, whose changes can be taken back until they are known to be durable.
///
/// Every `set` remembers what stood there before, once a key; `commit` forgets that, `rollback` puts it back.
public struct UndoTable<Key: Hashable, Value> {
    private var values: [Key: Value] = [:]
    private var before: [Key: Value?] = [:]

    public init() {}

    public subscript(key: Key) -> Value? { values[key] }

    public var count: Int { values.count }

    /// The keys changed since the last commit or rollback.
    public var changed: [Key] { Array(before.keys) }

    public mutating func set(_ key: Key, _ value: Value?) {
        if before.index(forKey: key) == nil { before.updateValue(values[key], forKey: key) }
        values[key] = value
    }

    /// Puts a row of a table in place; nothing remembers what stood there.
    public mutating func restore(_ key: Key, _ value: Value?) {
        values[key] = value
    }

    public mutating func commit() {
        before.removeAll(keepingCapacity: true)
    }

    public mutating func rollback() {
        for (key, value) in before { values[key] = value }
        before.removeAll(keepingCapacity: true)
    }

    /// Every key and value, in no order.
    public func forEach(_ body: (Key, Value) -> Void) {
        for (key, value) in values { body(key, value) }
    }

    /// Drops what `predicate` names, for good; only between a commit and the next change.
    public mutating func forget(where predicate: (Key, Value) -> Bool) {
        for (key, value) in values where predicate(key, value) { values[key] = nil }
    }
}
