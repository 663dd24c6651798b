import Kafka
import Pipeline
import Runtime
import Synchronization

/// Every erasure asked for, as `otp.erasures` shows them, by shop. Safe to use from any thread.
final class ErasureTable: Sendable {
    struct View: Sendable {
        /// Counts the requests that have arrived; a partition swept at an older number is to be swept again.
        var generation = 0
        var byShop: [String: [ErasureRequest]] = [:]

        var requests: [ErasureRequest] { byShop.values.flatMap(\.self) }
    }

    private struct State {
        var view = View()
        var shops: [String: String] = [:]
    }

    private let state = Mutex(State())
    private let unreadable: Counter

    init(unreadable: Counter) {
        self.unreadable = unreadable
    }

    var view: View { state.withLock { $0.view } }

    func take(_ row: IncomingRecord) {
        guard !Wire.isBeat(row) else { return }
        do throws(WireProblem) {
            let id = try Wire.key(of: row)
            guard row.value != nil else { return state.withLock { Self.remove(id, &$0) } }
            let request = try ErasureRequest(row)
            state.withLock { state in
                guard state.view.byShop[request.shop]?.contains(request) != true else { return }
                Self.remove(id, &state)
                state.shops[id] = request.shop
                state.view.byShop[request.shop, default: []].append(request)
                state.view.generation += 1
            }
        } catch {
            unreadable.add()
        }
    }

    private static func remove(_ id: String, _ state: inout State) {
        guard let shop = state.shops.removeValue(forKey: id) else { return }
        state.view.byShop[shop]?.removeAll { $0.id == id }
        if state.view.byShop[shop]?.isEmpty == true { state.view.byShop[shop] = nil }
    }
}
