import Kafka
import Model
import Pipeline
import Platforms
import Runtime
import Security
import Synchronization
import Testing

@testable import Reaper

@Suite("Settlement in trouble")
struct SettlementTroubleTests {
    static let calls = ["order", "addTags", "setNote", "cancel", "jobDone"]

    @Test("a throttled call waits exactly as long as it is told, whichever call it is", arguments: calls)
    func throttled(call: String) async {
        let settling = Settling {
            $0.pollsUntilDone = 1
            $0.failures[call] = [.init(.throttled(after: .milliseconds(1700)), message: call)]
        }
        let end = await settling.settle(.settling(.cancel))
        #expect(end.result == .cancelledByUs)
        #expect(zip(end.waits, end.reasons).filter { $0.1 == .throttled }.map(\.0) == [.milliseconds(1700)])
        #expect(settling.shop.order?.tags == ["otp-cancelled"])
        #expect(settling.shop.order?.note?.components(separatedBy: "[otp-guard").count == 2)
    }

    @Test("passing trouble is waited out with growing waits, or as long as Retry-After says")
    func transient() async {
        let failure = ShopAdminError(.transient, message: "HTTP 502")
        let asked = ShopAdminError(.transient, message: "HTTP 503", wait: .seconds(17))
        let settling = Settling {
            $0.failures["order"] = [failure, failure, asked, failure]
        }
        let end = await settling.settle(.settling(.tagVerified))
        #expect(end.result == .tagged)
        #expect(end.waits == [.seconds(1), .seconds(2), .seconds(17), .seconds(8)])
    }

    @Test("passing trouble is never given up")
    func endlessTrouble() async {
        let failure = ShopAdminError(.transient, message: "HTTP 502")
        let settling = Settling { $0.failures["order"] = Array(repeating: failure, count: 3000) }
        let end = await settling.settle(.settling(.tagVerified), most: 3001)
        #expect(end.result == .tagged)
        #expect(end.waits.reduce(.zero, +) > .seconds(24 * 3600))
    }

    @Test(
        "a shop that refuses us is asked every few minutes for a day, with a warning an hour, then given up",
        arguments: [
            (ShopAdminError.Kind.unauthorized, RetryReason.unauthorized), (.accessDenied, .accessDenied),
            (.notFound, .shopNotFound), (.frozen, .frozen), (.rejected, .rejected),
        ])
    func refused(kind: ShopAdminError.Kind, reason: RetryReason) async {
        let error = ShopAdminError(kind, message: "order: no", requestId: "req-1")
        let settling = Settling { $0.failures["order"] = Array(repeating: error, count: 1000) }
        let end = await settling.settle(.settling(.cancel))
        #expect(end.result == .impossible)
        #expect(end.why == reason.rawValue)
        #expect(Set(end.reasons) == [reason])
        #expect(end.waits.allSatisfy { $0 == .seconds(300) })
        #expect(end.waits.reduce(.zero, +) == .seconds(24 * 3600))
        #expect((23...25).contains(settling.lines.all.count))
        #expect(settling.refusing.count == 1)
    }

    @Test("a shop that lets us in again is settled, and no longer counted as refusing")
    func letsUsIn() async {
        let error = ShopAdminError(.frozen, message: "HTTP 402")
        let settling = Settling { $0.failures["order"] = [error, error, nil] }
        let end = await settling.settle(.settling(.tagVerified))
        #expect(end.result == .tagged)
        #expect(end.waits == [.seconds(300), .seconds(300)])
        #expect(settling.refusing.count == 0)
    }

    @Test("a shop that refuses us once the order is cancelled is no reason to call it uncancelled")
    func refusedAfterCancel() async {
        let error = ShopAdminError(.unauthorized, message: "HTTP 401")
        let settling = Settling { $0.failures["addTags"] = Array(repeating: error, count: 1000) }
        #expect(await settling.settle(.settling(.cancel)).result == .cancelledByUs)
    }

    @Test("a shop that is gone is impossible; before the table is read it is waited for")
    func access() async {
        var settling = Settling()
        settling.access = .gone
        #expect(await settling.settle(.settling(.cancel)) == .init(result: .impossible, why: "shop_gone"))
        settling.access = .starting
        let end = await settling.settle(.settling(.cancel), most: 3)
        #expect(end.result == nil)
        #expect(end.waits == [.seconds(1), .seconds(1), .seconds(1)])
        #expect(settling.shop.calls.isEmpty)
    }

    @Test("a ticket revoked during any call stops before the next change", arguments: ["order", "cancel", "addTags"])
    func revoked(call: String) async {
        let settling = Settling()
        let job = settling.job(.settling(.cancel))
        settling.shop.change { $0.onCall = { name, _ in if name == call { job.ticket.revoke() } } }
        #expect(await settling.settler.attempt(job) == .abandoned)
        let changes = settling.shop.calls.filter { $0 != "order" }
        let allowed = ["order": [], "cancel": ["cancel"], "addTags": ["cancel", "addTags"]]
        #expect(changes == allowed[call])
    }

    @Test("a restart after any number of calls ends with one cancellation, one tag and one note", arguments: 0..<8)
    func restart(calls: Int) async {
        let settling = Settling()
        let life = Life.settling(.cancel)
        let job = settling.job(life)
        settling.shop.change {
            $0.onCall = { _, state in if state.calls.count == calls { job.ticket.revoke() } }
        }
        if calls == 0 { job.ticket.revoke() }
        _ = await settling.settler.attempt(job)
        settling.shop.change { $0.onCall = { _, _ in } }

        #expect(await settling.settle(life).result == .cancelledByUs)
        #expect(settling.shop.count("cancel") == 1)
        #expect(settling.shop.order?.tags == ["otp-cancelled"])
        #expect(settling.shop.order?.note?.components(separatedBy: "[otp-guard").count == 2)
    }

    @Test("a restart while the cancel job runs does not cancel a second time")
    func restartDuringJob() async {
        let settling = Settling { $0.pollsUntilDone = 3 }
        let life = Life.settling(.cancel)
        guard case .again = await settling.settler.attempt(settling.job(life)) else {
            Issue.record("the job should be under way")
            return
        }
        // Forgotten; meanwhile the shop refuses another cancellation, then ends the first.
        settling.shop.change {
            $0.failures["cancel"] = [.init(.business(message: "no", code: "INVALID"), message: "orderCancel")]
        }
        guard case .again(let wait, .cancelling, _) = await settling.settler.attempt(settling.job(life)) else {
            Issue.record("the order is not cancelled yet")
            return
        }
        settling.clock.advance(by: wait)
        settling.shop.change { [clock = settling.clock] in $0.order?.cancelledAt = clock.now }
        #expect(await settling.settle(life).result == .cancelledByUs)
    }

    @Test("the token, the phone hash and the customer appear in no log line")
    func nothingInClear() async {
        let error = ShopAdminError(.unauthorized, message: "order: HTTP 401", requestId: "req-1")
        let settling = Settling { $0.failures["order"] = Array(repeating: error, count: 1000) }
        _ = await settling.settle(.settling(.cancel))
        #expect(settling.lines.text.contains("reason=unauthorized"))
        for word in ["shpat_secret", "ph1", "ch1", "4567"] { #expect(!settling.lines.text.contains(word)) }
    }
}
