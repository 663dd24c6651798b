import Model
import Platforms
import Testing

@testable import Reaper

@Suite("Settlement at the shop")
struct SettlementTests {
    static let note = "[otp-guard a1b2c3d4] Phone number +1*****4567 verified 2026-11-20 10:17 UTC"

    @Test("a verified order is tagged and noted after what the merchant wrote, once however often it is done")
    func verified() async {
        let settling = Settling { $0.order?.note = "Ring twice" }
        let life = Life.settling(.tagVerified)
        #expect(await settling.settle(life) == .init(result: .tagged))
        #expect(settling.shop.order?.tags == ["otp-verified"])
        #expect(settling.shop.order?.note == "Ring twice\n\(Self.note)")
        #expect(settling.shop.calls == ["order", "addTags", "order", "setNote"])

        #expect(await settling.settle(life) == .init(result: .tagged))
        #expect(settling.shop.calls.suffix(1) == ["order"])
        #expect(settling.shop.calls.count == 5)
        #expect(settling.shop.order?.note == "Ring twice\n\(Self.note)")
    }

    @Test("what the merchant writes between reading and noting stays")
    func noteRace() async {
        let settling = Settling {
            $0.onCall = { call, state in if call == "addTags" { state.order?.note = "Typed meanwhile" } }
        }
        _ = await settling.settle(.settling(.tagVerified))
        #expect(settling.shop.order?.note == "Typed meanwhile\n\(Self.note)")
    }

    @Test("a review tags for a person to look at")
    func review() async {
        let settling = Settling()
        #expect(await settling.settle(.settling(.review)) == .init(result: .tagged))
        #expect(settling.shop.order?.tags == ["otp-unverified"])
        #expect(settling.shop.order?.note?.contains("please review") == true)
        #expect(settling.shop.count("cancel") == 0)
    }

    @Test("a number asked after the first had failed is told of beside it, once")
    func secondNumber() async throws {
        let settling = Settling { $0.order?.note = "[otp-guard a1b2c3d4] Phone number +1*****0000 not verified" }
        var life = Life.undeliverable("21211", .review)
        life.take(.reopened(newSubject: try #require(life.state).subject))
        life.take(.textAsked(number: 2, generation: 2))
        life.take(.verified)
        life.take(.settlementIntended(.tagVerified))
        for _ in 0..<2 { #expect(await settling.settle(life) == .init(result: .tagged)) }
        #expect(settling.shop.order?.note?.contains("[otp-guard a1b2c3d4 number 2] Phone number") == true)
        #expect(settling.shop.count("setNote") == 1)
    }

    @Test(
        "the note says why no text came",
        arguments: [
            ("opted_out", "the phone's owner answered STOP"), ("phone_budget", "too many texts went to it"),
            ("range_blocked", "almost nobody there verified"), ("30005", "no text could be delivered: 30005"),
        ])
    func failure(reason: String, words: String) async {
        let settling = Settling()
        _ = await settling.settle(.undeliverable(reason, .review))
        #expect(settling.shop.order?.note?.contains(words) == true)
        #expect(settling.shop.order?.note?.contains("not verified (") == true)
    }

    @Test("a timed-out order is cancelled as the merchant was promised, then tagged and noted")
    func cancel() async {
        let settling = Settling()
        let life = Life.settling(.cancel)
        #expect(await settling.settle(life) == .init(result: .cancelledByUs))
        #expect(settling.shop.calls == ["order", "cancel", "order", "addTags", "order", "setNote"])
        #expect(settling.shop.order?.tags == ["otp-cancelled"])
        let asked = settling.shop.lastCancellation
        #expect(asked?.reason == .other)
        #expect(asked?.refund == true)
        #expect(asked?.restock == true)
        #expect(asked?.notifyCustomer == false)
        #expect(asked?.staffNote?.hasPrefix("[otp-guard a1b2c3d4]") == true)

        #expect(await settling.settle(life) == .init(result: .cancelledByUs))
        #expect(settling.shop.count("cancel") == 1)
        #expect(settling.shop.count("addTags") == 1)
        #expect(settling.shop.count("setNote") == 1)
    }

    @Test("what was tagged before as not verified is cancelled with one tag, also after a crash between the two")
    func cancelAfterReview() async {
        let settling = Settling { $0.order?.tags = ["VIP", "OTP-Unverified"] }
        let life = Life.settling(.cancel)
        #expect(await settling.settle(life) == .init(result: .cancelledByUs))
        #expect(settling.shop.order?.tags == ["VIP", "otp-cancelled"])
        settling.shop.change { $0.order?.tags.append("otp-unverified") }
        #expect(await settling.settle(life) == .init(result: .cancelledByUs))
        #expect(settling.shop.order?.tags == ["VIP", "otp-cancelled"])
    }

    @Test("a cancel job is polled with growing waits until its end")
    func polling() async {
        let settling = Settling { $0.pollsUntilDone = 4 }
        let end = await settling.settle(.settling(.cancel))
        #expect(end.result == .cancelledByUs)
        #expect(end.waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
        #expect(Set(end.reasons) == [.cancelling])
        #expect(settling.shop.count("cancel") == 1)
        #expect(settling.shop.count("jobDone") == 4)
    }

    @Test("a cancel job without end is left after ten minutes and the order asked instead")
    func endlessJob() async {
        let settling = Settling {
            $0.pollsUntilDone = 1_000_000
            $0.onCall = { call, state in
                if call == "jobDone", state.calls.count > 15 { state.order?.cancelledAt = start + 901_000 }
            }
        }
        let end = await settling.settle(.settling(.cancel))
        #expect(end.result == .cancelledByUs)
        #expect(end.waits.reduce(.zero, +) >= .seconds(600))
        #expect(end.waits.reduce(.zero, +) < .seconds(631))
        #expect(settling.shop.count("cancel") == 1)
    }

    @Test("a job that ended without effect is tried again slowly")
    func failedJob() async {
        let settling = Settling {
            $0.pollsUntilDone = 1
            $0.jobTakesEffect = false
            $0.onCall = { call, state in
                if call == "cancel", state.calls.count(where: { $0 == "cancel" }) == 2 { state.jobTakesEffect = true }
            }
        }
        let end = await settling.settle(.settling(.cancel))
        #expect(end.result == .cancelledByUs)
        #expect(end.waits == [.seconds(1), .seconds(300)])
        #expect(settling.shop.count("cancel") == 2)
    }

    @Test("jobs that never take effect are given up after a day, and the order says so")
    func neverEffective() async {
        let settling = Settling {
            $0.pollsUntilDone = 1
            $0.jobTakesEffect = false
        }
        let end = await settling.settle(.settling(.cancel))
        #expect(end.result == .impossible)
        #expect(end.why == "cancel_failed")
        #expect(end.waits.reduce(.zero, +) >= .seconds(86_400))
        #expect(end.waits.reduce(.zero, +) < .seconds(87_000))
        #expect(settling.shop.order?.tags == ["otp-unverified"])
        #expect(settling.shop.order?.note?.contains("did not let us cancel") == true)
    }

    @Test("an order that is gone is impossible", arguments: [Settlement.Action.cancel, .tagVerified, .review])
    func gone(action: Settlement.Action) async {
        let settling = Settling { $0.order = nil }
        #expect(await settling.settle(.settling(action)) == .init(result: .impossible, why: "no_order"))
        #expect(settling.shop.calls == ["order"])
    }

    @Test(
        "a cancellation from before our intent is the merchant's, a later one counts as ours",
        arguments: [
            (Int64(-2001), Settlement.Result.cancelledByMerchant), (-2000, .cancelledByUs), (0, .cancelledByUs),
            (5000, .cancelledByUs), (-3_600_000, .cancelledByMerchant),
        ])
    func foundCancelled(offset: Int64, result: Settlement.Result) async {
        let settling = Settling { $0.order?.cancelledAt = start + 900_000 + offset }
        #expect(await settling.settle(.settling(.cancel)).result == result)
        #expect(settling.shop.count("cancel") == 0)
        #expect(settling.shop.order?.tags == (result == .cancelledByUs ? ["otp-cancelled"] : []))
    }

    @Test("a fulfilled order is left alone but for a tag and a note", arguments: ["FULFILLED", "PARTIALLY_FULFILLED"])
    func fulfilled(status: String) async {
        let settling = Settling { $0.order?.fulfillment = status }
        let life = Life.settling(.cancel)
        #expect(await settling.settle(life) == .init(result: .fulfilled))
        #expect(await settling.settle(life) == .init(result: .fulfilled))
        #expect(settling.shop.count("cancel") == 0)
        #expect(settling.shop.order?.tags == ["otp-unverified"])
        #expect(settling.shop.order?.note?.components(separatedBy: "[otp-guard").count == 2)
    }

    @Test("one found paid is left alone if it was to be paid, reviewed if nobody knows, cancelled if it always was")
    func paid() async {
        for status in ["PAID", "PARTIALLY_REFUNDED", "PENDING", "AUTHORIZED"] {
            for unpaid in [true, false, nil] as [Bool?] {
                let settling = Settling { $0.order?.financial = status }
                var life = Life.settling(.cancel)
                life.state?.subject.unpaid = unpaid
                let isLeft = unpaid != false && ["PAID", "PARTIALLY_REFUNDED"].contains(status)
                let left: Settlement.Result = unpaid == nil ? .tagged : .paid
                let end = await settling.settle(life)
                #expect(end.result == (isLeft ? left : .cancelledByUs), "\(status), \(String(describing: unpaid))")
                #expect(settling.shop.count("cancel") == (isLeft ? 0 : 1))
                guard isLeft else { continue }
                #expect(settling.shop.order?.tags == ["otp-unverified"])
                let words = unpaid == nil ? "please review" : "paid by now"
                #expect(settling.shop.order?.note?.contains(words) == true)
            }
        }
    }

    @Test(
        "the note of an order that nobody could be asked about says why",
        arguments: [
            (SkipReason.noPhone, "has no phone number"), (.phoneUnusable, "none that can get a text"),
            (.numberType, "of a kind that gets no codes"),
        ])
    func skipped(reason: SkipReason, words: String) async {
        let settling = Settling()
        let life = Life.skipped(reason)
        #expect(await settling.settle(life) == .init(result: .tagged))
        #expect(await settling.settle(life) == .init(result: .tagged))
        let note = settling.shop.order?.note ?? ""
        #expect(settling.shop.order?.tags == ["otp-unverified"])
        #expect(note.contains(words))
        #expect(note.components(separatedBy: "[otp-guard").count == 2)
        #expect(!note.contains("Phone number"))
    }

    @Test("the merchant's word by either tag ends a review as well", arguments: ["otp-approve", "OTP-Verified"])
    func approvedForReview(tag: String) async {
        for action in [Settlement.Action.review, .cancel] {
            let settling = Settling { $0.order?.tags = [tag] }
            #expect(await settling.settle(Life.settling(action)) == .init(result: .nothing, why: "approved"))
            #expect(settling.shop.order?.tags == [tag])
        }
    }

    @Test("an order that its merchant has approved since is left alone")
    func approved() async {
        let settling = Settling { $0.order?.tags = ["VIP", "OTP-Approve"] }
        #expect(await settling.settle(Life.settling(.cancel)) == .init(result: .nothing, why: "approved"))
        #expect(settling.shop.count("cancel") == 0)
    }

    @Test("with cancelling switched off an intent to cancel becomes a review, and a cancelled order stays what it is")
    func cancellingOff() async {
        var settling = Settling()
        settling.mayCancel = false
        #expect(await settling.settle(Life.settling(.cancel)) == .init(result: .tagged, why: "cancel_off"))
        #expect(settling.shop.count("cancel") == 0)
        #expect(settling.shop.order?.tags == ["otp-unverified"])
    }

    @Test("INVALID for an order that is cancelled by then is success")
    func invalidButCancelled() async {
        let settling = Settling {
            $0.failures["cancel"] = [.init(.business(message: "no", code: "INVALID"), message: "orderCancel")]
            $0.onCall = { call, state in if call == "cancel" { state.order?.cancelledAt = start + 900_100 } }
        }
        #expect(await settling.settle(.settling(.cancel)) == .init(result: .cancelledByUs))
        #expect(settling.shop.order?.tags == ["otp-cancelled"])
    }

    @Test("INVALID for an order that stays uncancelled is impossible after ten minutes")
    func invalid() async {
        let refusal = ShopAdminError(.business(message: "no", code: "INVALID"), message: "orderCancel")
        let settling = Settling { $0.failures["cancel"] = Array(repeating: refusal, count: 100) }
        let end = await settling.settle(.settling(.cancel))
        #expect(end.result == .impossible)
        #expect(end.why == "INVALID")
        #expect(end.waits.reduce(.zero, +) == .seconds(600))
        #expect(settling.shop.order?.tags == ["otp-unverified"])
        #expect(settling.shop.order?.note?.contains("did not let us cancel") == true)
    }

    @Test("a refusal for good is impossible and keeps its code for the log")
    func business() async {
        let settling = Settling {
            $0.failures["cancel"] = [
                .init(.business(message: "no", code: "NO_REFUND_PERMISSION"), message: "orderCancel")
            ]
        }
        #expect(
            await settling.settle(.settling(.cancel)) == .init(result: .impossible, why: "NO_REFUND_PERMISSION"))
        #expect(settling.shop.order?.tags == ["otp-unverified"])
    }

    @Test(
        "a tag or note refused after the cancellation does not make it impossible", arguments: ["addTags", "setNote"])
    func refusedAfterwards(call: String) async {
        let settling = Settling { $0.failures[call] = [.init(.business(message: "no", code: nil), message: call)] }
        #expect(await settling.settle(.settling(.cancel)) == .init(result: .cancelledByUs, why: "refused"))
    }
}
