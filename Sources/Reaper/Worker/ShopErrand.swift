import Base
import Model
import Platforms

/// The calls of one attempt at one order. Before each change the ticket is asked; a revoked one ends the errand there.
struct ShopErrand: Sendable {
    enum Stop: Error {
        case abandoned
        case shop(ShopAdminError)
    }

    let admin: ShopAdmin
    let shop: ShopRef
    let order: String
    let isWanted: @Sendable () -> Bool

    func read() async throws(Stop) -> OrderSnapshot? {
        try await ask { () async throws(ShopAdminError) in try await admin.order(shop, order) }
    }

    func addTags(_ tags: [String]) async throws(Stop) {
        try await change { () async throws(ShopAdminError) in try await admin.addTags(shop, order, tags) }
        CrashPoint.reaperTagged.reached()
    }

    func removeTags(_ tags: [String]) async throws(Stop) {
        try await change { () async throws(ShopAdminError) in try await admin.removeTags(shop, order, tags) }
    }

    func setNote(_ note: String) async throws(Stop) {
        try await change { () async throws(ShopAdminError) in try await admin.setNote(shop, order, note) }
        CrashPoint.reaperNoted.reached()
    }

    func cancel(_ cancellation: OrderCancellation) async throws(Stop) -> CancelJob {
        let job = try await change { () async throws(ShopAdminError) in try await admin.cancel(shop, cancellation) }
        CrashPoint.reaperCancelled.reached()
        return job
    }

    func jobDone(_ id: String) async throws(Stop) -> Bool {
        try await ask { () async throws(ShopAdminError) in try await admin.jobDone(shop, id) }
    }

    private func change<Value>(_ call: () async throws(ShopAdminError) -> Value) async throws(Stop) -> Value {
        guard isWanted() else { throw .abandoned }
        return try await ask(call)
    }

    private func ask<Value>(_ call: () async throws(ShopAdminError) -> Value) async throws(Stop) -> Value {
        do throws(ShopAdminError) {
            return try await call()
        } catch {
            throw .shop(error)
        }
    }
}
