import Kafka
import Model
import Security
import Synchronization

/// Every shop as `otp.shops` shows it, for whoever has to open what was sealed for a shop.
///
/// It lags behind the owner by however long Kafka takes; `key(for:version:)` tells a reader whether it is behind (wait)
/// or the key is gone for good (drop and count). Safe to use from any thread.
public final class ShopDirectory: Sendable {
    public enum Lookup: Sendable {
        case found(ShopRecord, DataKey)
        /// This table has not seen the version yet.
        case behind
        /// The shop was removed, or removed and installed anew: nothing sealed under that version can be read again.
        case gone
    }

    private struct State {
        var shops: [String: ShopRecord] = [:]
        var keys: [String: DataKey] = [:]
        /// The versions of removed shops, so that "not yet" and "no longer" can be told apart.
        var removed: [String: Int64] = [:]
        var unreadable = 0
        /// Shops whose newest row could not be read.
        var unreadableShops: Set<String> = []
        var watchers: [@Sendable (String, ShopRecord?) -> Void] = []
    }

    private let state = Mutex(State())
    private let keyring: Keyring
    private let keepsLogos: Bool

    /// - Parameter keepsLogos: whether records hold their logos, 14 KB at most; false where nobody looks at them.
    public init(keyring: Keyring, keepsLogos: Bool = true) {
        self.keyring = keyring
        self.keepsLogos = keepsLogos
    }

    /// Takes a row of `otp.shops`, in log order for each shop.
    public func take(_ row: IncomingRecord) {
        guard !Wire.isBeat(row), let key = row.key else { return }
        let shop = String(decoding: key, as: UTF8.self)
        guard row.value != nil else { return update(shop, nil, nil) }
        do throws(WireProblem) {
            var record = try Wire.decode(ShopRecord.self, from: row)
            if !keepsLogos { record.installation?.settings.logo = nil }
            update(shop, record, try Self.unwrap(record, shop: shop, keyring))
        } catch {
            state.withLock {
                $0.unreadable += 1
                $0.unreadableShops.insert(shop)
            }
        }
    }

    /// Opens the data key of a record; the wrapping key must be in the keyring.
    public static func unwrap(_ record: ShopRecord, shop: String, _ keyring: Keyring) throws(WireProblem) -> DataKey {
        guard let key = keyring[record.keyId] else { throw WireProblem("wrapped under an unknown key") }
        do {
            return try DataKey(unwrapping: record.wrappedKey.bytes, by: key, shop: shop)
        } catch {
            throw WireProblem("the wrapped key does not open")
        }
    }

    private func update(_ shop: String, _ record: ShopRecord?, _ key: DataKey?) {
        let watchers = state.withLock { state in
            if record == nil, let last = state.shops[shop] { state.removed[shop] = last.version }
            state.shops[shop] = record
            state.keys[shop] = key
            state.unreadableShops.remove(shop)
            return state.watchers
        }
        for watcher in watchers { watcher(shop, record) }
    }

    public subscript(shop: String) -> ShopRecord? {
        state.withLock { $0.shops[shop] }
    }

    public func key(for shop: String, version: Int64) -> Lookup {
        state.withLock { state in
            guard let record = state.shops[shop], let key = state.keys[shop] else {
                return (state.removed[shop] ?? -1) >= version ? .gone : .behind
            }
            if record.version == version { return .found(record, key) }
            return record.version > version ? .gone : .behind
        }
    }

    /// The shop's record with its open key, as they are now.
    public func current(_ shop: String) -> (ShopRecord, DataKey)? {
        state.withLock { state in
            guard let record = state.shops[shop], let key = state.keys[shop] else { return nil }
            return (record, key)
        }
    }

    /// Whether the shop's newest row could not be read (a wrapping key is missing here): it is no unknown shop.
    public func isUnreadable(_ shop: String) -> Bool {
        state.withLock { $0.unreadableShops.contains(shop) }
    }

    /// Whether a shop beside this one has said that this is its number.
    public func hasNumber(_ number: String, beside shop: String) -> Bool {
        state.withLock { $0.shops.contains { $0.key != shop && $0.value.installation?.profile?.id == number } }
    }

    /// Calls `watcher` after every change, with the shop and its new record (nil once removed).
    public func watch(_ watcher: @escaping @Sendable (String, ShopRecord?) -> Void) {
        state.withLock { $0.watchers.append(watcher) }
    }

    /// The shops that are installed, in the order of their names, from the first one after `name` on.
    public func installed(after name: String, limit: Int) -> [(shop: String, record: ShopRecord)] {
        let all = state.withLock { $0.shops }
        let names = all.compactMap { $0.key > name && $0.value.installation != nil ? $0.key : nil }
        return names.sorted().prefix(limit).compactMap { shop in all[shop].map { (shop, $0) } }
    }

    public var count: Int { state.withLock { $0.shops.count } }

    /// Rows that could not be read; each is an operator's problem (a missing key, a foreign writer).
    public var unreadable: Int { state.withLock { $0.unreadable } }
}
