import FoundationEssentials
import Model

/// A lane's verifications, packed to fewer than 200 bytes each, whose changes can be taken back until they are known to
/// be durable: an ``UndoTable`` for a million of them.
///
/// What is read is unpacked and what is set is packed, some microseconds each. Confined to its lane's executor.
public final class VerificationTable {
    private var packer = VerificationPacker()
    private let store = ByteStore()
    private var before: [VerificationID: [UInt8]?] = [:]

    public init() {}

    public subscript(id: VerificationID) -> Verification? {
        store.read(key(id)) { $0.map(packer.unpack) }
    }

    public var count: Int { store.count }

    /// The ids changed since the last commit or rollback.
    public var changed: [VerificationID] { Array(before.keys) }

    public func set(_ id: VerificationID, _ value: Verification?) {
        if before.index(forKey: id) == nil {
            before.updateValue(store.read(key(id)) { $0.map { [UInt8]($0) } }, forKey: id)
        }
        restore(id, value)
    }

    /// Puts a row of a table in place; nothing remembers what stood there.
    public func restore(_ id: VerificationID, _ value: Verification?) {
        put(id, value.map { packer.pack($0) })
    }

    public func commit() {
        before.removeAll(keepingCapacity: true)
    }

    public func rollback() {
        for (id, bytes) in before { put(id, bytes) }
        before.removeAll(keepingCapacity: true)
    }

    /// Drops what `predicate` names, for good; only between a commit and the next change.
    public func forget(where predicate: (Verification) -> Bool) {
        var keys: [ByteStore.Key] = []
        store.forEach { key, bytes in
            if predicate(packer.unpack(bytes)) { keys.append(key) }
        }
        for key in keys { store.remove(key) }
    }

    private func put(_ id: VerificationID, _ bytes: [UInt8]?) {
        if let bytes { store.set(key(id), bytes) } else { store.remove(key(id)) }
    }

    private func key(_ id: VerificationID) -> ByteStore.Key {
        withUnsafeBytes(of: id.uuid.uuid) { bytes in
            ByteStore.Key(
                high: bytes.loadUnaligned(as: UInt64.self), low: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            )
        }
    }
}
