import Base
import Model
import Platforms
import Security
import Synchronization

@testable import Reaper

/// A shop with one order: does what it is told, remembers the calls, fails where the script says so.
final class ScriptedShop: Sendable {
    struct State {
        var order: OrderSnapshot? = OrderSnapshot(gid: orderGid, fulfillment: "UNFULFILLED", financial: "PENDING")
        var calls: [String] = []
        /// By the call's name: what its next calls throw; nil lets one through.
        var failures: [String: [ShopAdminError?]] = [:]
        /// How often the cancel job says "not done"; it takes effect with the last one.
        var pollsUntilDone = 0
        var jobTakesEffect = true
        var lastCancellation: OrderCancellation?
        /// Called before each call, with its name.
        var onCall: @Sendable (String, inout State) -> Void = { _, _ in }
    }

    let clock: ManualClock
    private let state = Mutex(State())

    init(_ clock: ManualClock, _ set: @Sendable (inout State) -> Void = { _ in }) {
        self.clock = clock
        change(set)
    }

    func change(_ set: (inout State) -> Void) { state.withLock { set(&$0) } }
    var calls: [String] { state.withLock { $0.calls } }
    var order: OrderSnapshot? { state.withLock { $0.order } }
    var lastCancellation: OrderCancellation? { state.withLock { $0.lastCancellation } }
    func count(_ call: String) -> Int { calls.count { $0 == call } }

    private func enter<Value: Sendable>(
        _ call: String, _ body: (inout State) -> Value
    ) throws(ShopAdminError) -> Value {
        let result: Result<Value, ShopAdminError> = state.withLock { state in
            state.calls.append(call)
            let onCall = state.onCall
            onCall(call, &state)
            if state.failures[call]?.isEmpty == false, let error = state.failures[call]?.removeFirst() {
                return .failure(error)
            }
            return .success(body(&state))
        }
        return try result.get()
    }

    var admin: ShopAdmin {
        var admin = ShopAdmin.unimplemented
        admin.order = { _, _ throws(ShopAdminError) in try self.enter("order") { $0.order } }
        admin.addTags = { _, _, tags throws(ShopAdminError) in
            try self.enter("addTags") { $0.order?.tags.append(contentsOf: tags) }
        }
        admin.removeTags = { _, _, tags throws(ShopAdminError) in
            try self.enter("removeTags") { $0.order?.tags.removeAll(where: tags.contains) }
        }
        admin.setNote = { _, _, note throws(ShopAdminError) in try self.enter("setNote") { $0.order?.note = note } }
        admin.cancel = { _, cancellation throws(ShopAdminError) in
            try self.enter("cancel") { state in
                state.lastCancellation = cancellation
                if state.pollsUntilDone == 0 { self.takeEffect(&state) }
                return CancelJob(id: "job-1", done: state.pollsUntilDone == 0)
            }
        }
        admin.jobDone = { _, _ throws(ShopAdminError) in
            try self.enter("jobDone") { state in
                state.pollsUntilDone -= 1
                guard state.pollsUntilDone <= 0 else { return false }
                self.takeEffect(&state)
                return true
            }
        }
        return admin
    }

    private func takeEffect(_ state: inout State) {
        if state.jobTakesEffect { state.order?.cancelledAt = clock.now }
    }
}

/// Drives a settlement to its end, moving the clock by exactly what each wait asks for.
struct Settling {
    let clock: ManualClock
    let shop: ScriptedShop
    let lines = Lines()
    let refusing = RefusingShops()
    var access: ShopAccess = .open(Self.shopRef, CancelPolicy())
    static let shopRef = ShopRef(domain: shopDomain, accessToken: Secret(text: "shpat_secret"))

    init(_ set: @Sendable (inout ScriptedShop.State) -> Void = { _ in }) {
        clock = ManualClock(start + 900_000)
        shop = ScriptedShop(clock, set)
    }

    struct End: Equatable {
        var result: Settlement.Result?
        var why: String?
        var waits: [Duration] = []
        var reasons: [RetryReason] = []
    }

    /// `OTP_CANCEL`.
    var mayCancel = true

    var settler: Settler {
        let access = access
        return Settler(
            admin: shop.admin, access: { _ in access }, now: clock.clock.now, random: { 1 }, refusing: refusing,
            log: lines.log(), mayCancel: mayCancel)
    }

    func job(_ life: Life, _ progress: SettlementProgress = .init()) -> SettlementJob {
        SettlementJob(intent: life.intent, progress: progress, ticket: SettlementTicket()) { _ in }
    }

    /// - Parameter most: attempts after which it is taken for endless.
    func settle(_ life: Life, most: Int = 400) async -> End {
        var end = End()
        var progress = SettlementProgress()
        for _ in 0..<most {
            switch await settler.attempt(job(life, progress)) {
            case .done(let result, let why):
                end.result = result
                end.why = why
                return end
            case .again(let wait, let reason, let next):
                end.waits.append(wait)
                end.reasons.append(reason)
                progress = next
                clock.advance(by: wait)
            case .abandoned:
                return end
            }
        }
        return end
    }
}
