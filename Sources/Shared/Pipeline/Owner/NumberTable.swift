import Model

/// A lane's rows of `otp.numbers`, packed: 49 bytes of resident memory for a phone with one text, 73 with four (200,000
/// rows). Changes can be taken back until they are known to be durable. Confined to its lane's executor.
public final class NumberTable {
    private let store = ByteStore()
    private var before: [NumberKey: [UInt8]?] = [:]

    public init() {}

    public subscript(key: NumberKey) -> NumberRow? {
        store.read(key.place) { $0.map(NumberRow.init(packed:)) }
    }

    public var count: Int { store.count }

    /// Bytes of memory held, used or not.
    public var reserved: Int { store.reserved }

    /// The keys changed since the last commit or rollback.
    public var changed: [NumberKey] { Array(before.keys) }

    public func set(_ key: NumberKey, _ row: NumberRow?) {
        if before.index(forKey: key) == nil {
            before.updateValue(store.read(key.place) { $0.map { [UInt8]($0) } }, forKey: key)
        }
        restore(key, row)
    }

    /// Puts a row of the topic in place; nothing remembers what stood there.
    public func restore(_ key: NumberKey, _ row: NumberRow?) {
        put(key, row?.packed)
    }

    public func commit() {
        before.removeAll(keepingCapacity: true)
    }

    public func rollback() {
        for (key, bytes) in before { put(key, bytes) }
        before.removeAll(keepingCapacity: true)
    }

    /// The keys of rows whose time has passed; a look at everything, for now and then.
    public func outlived(now: Int64) -> [NumberKey] {
        var keys: [NumberKey] = []
        store.forEach { place, bytes in
            if NumberRow(packed: bytes).isOver(now: now) { keys.append(NumberKey(place)) }
        }
        return keys
    }

    private func put(_ key: NumberKey, _ bytes: [UInt8]?) {
        if let bytes { store.set(key.place, bytes) } else { store.remove(key.place) }
    }
}
