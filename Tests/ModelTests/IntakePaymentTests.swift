@testable import Model
import Testing

@Suite("Orders paid, approved or changed while they are open")
struct IntakePaymentTests {
    typealias Fixture = IntakeTests
    static let now = IntakeTests.now

    static func placed(
        _ payment: OrderFacts.Payment, _ gateway: String = "Cash on Delivery (COD)",
        _ settings: (inout ShopSettings) -> Void = { _ in }
    ) -> OrderEntry? {
        Fixture.place(
            Fixture.facts {
                $0.payment = payment
                $0.gateways = [gateway]
                $0.phoneHash = "h1"
            }, Fixture.view(settings)
        ).entry
    }

    static func update(
        _ entry: OrderEntry?, _ view: Intake.View? = nil, at time: Int64 = now, _ change: (inout OrderFacts) -> Void
    ) -> Intake.Decision {
        let facts = Fixture.facts {
            $0.updatedAt = time
            $0.phoneHash = "h1"
            change(&$0)
        }
        var view = view ?? Fixture.view()
        view.entry = entry
        return Intake.decide(.orderUpdated(facts, verification: Fixture.id), view, now: time, offset: 9)
    }

    static let payments: [(OrderFacts.Payment, String, Bool)] = [
        (.due, "Cash on Delivery (COD)", true), (.due, "bank transfer", false), (.unknown, "COD", true),
        (.unknown, "shopify_payments", false), (.authorized, "shopify_payments", false),
        (.paid, "shopify_payments", false),
    ]

    @Test("an order still to be paid when it was opened is released once it is paid; one paid by card is not")
    func paidMeanwhile() {
        for (payment, gateway, isReleased) in Self.payments {
            let entry = Self.placed(payment, gateway)
            let paid = Self.update(entry) {
                $0.payment = .paid
                $0.gateways = [gateway]
            }
            #expect(paid.effects.contains(.release(Fixture.id, .paid)) == isReleased, "\(payment) by \(gateway)")
            let again = Self.update(paid.entry, at: Self.now + 1) { $0.payment = .paid }
            #expect(!again.effects.contains(.release(Fixture.id, .paid)))
            // Its end came first: nothing is cancelled all the same.
            let notice = Notice(
                verification: Fixture.id, order: "o", outcome: .expired, number: nil, fault: nil)
            let view = Fixture.view(entry: paid.entry)
            let ended = Intake.decide(.noticed(notice), view, now: Self.now, offset: 10)
            let action: Settlement.Action = isReleased || payment == .due ? .none : .cancel
            #expect(ended.effects.contains(.settle(Fixture.id, action)))
        }
    }

    @Test("a row from before payments were kept: who pays at the door had not paid")
    func oldRow() {
        var old = Self.placed(.due)
        old?.wasUnpaid = nil
        #expect(Self.update(old) { $0.payment = .paid }.effects == [.release(Fixture.id, .paid)])
        #expect(
            Self.update(old) { ($0.payment, $0.gateways) = (.paid, ["card"]) }.effects.contains(
                .release(Fixture.id, .paid)) == false)
    }

    @Test("what is paid at first sight is none of cash on delivery any more")
    func paidAtOnce() {
        let facts = Fixture.facts { $0.payment = .paid }
        #expect(Fixture.place(facts, Fixture.view { $0.orders = .cod }).effects == [.skip(.outOfScope)])
        #expect(Fixture.place(facts, Fixture.view()).effects.first == .request(Fixture.id))
    }

    @Test("otp-verified by hand is the merchant's word; on a verified order it is our own")
    func tagged() {
        let entry = Self.placed(.due)
        let tagged = Self.update(entry) { $0.tags = ["OTP-Verified"] }
        #expect(tagged.effects == [.release(Fixture.id, .approved)])
        #expect(tagged.entry?.isApproved == true)
        var verified = entry
        verified?.counted = ["sent/1", "verified"]
        verified?.settled = .tagVerified
        let echo = Self.update(verified) { $0.tags = ["otp-verified"] }
        #expect(echo.effects.isEmpty)
        #expect(echo.entry?.isApproved == false)
        let arrived = Fixture.facts { $0.tags = ["otp-verified"] }
        #expect(Fixture.place(arrived, Fixture.view()).effects == [.skip(.approved)])
    }

    @Test("forty changes of one order with a cap of one text and a plan of one order: no second text")
    func noTextsForNothing() {
        for (cap, plan) in [(1, PlanStanding.open), (0, .full), (0, .ended)] {
            var view = Fixture.view { $0.dailyCap = cap }
            (view.textsToday, view.plan) = (1, plan)
            var entry = Self.placed(.due)
            for number in 1...40 {
                let decision = Self.update(entry, view, at: Self.now + Int64(number)) { $0.phoneHash = "n\(number)" }
                #expect(decision.effects.count == 1)
                guard case .ignore = decision.effects.first else {
                    Issue.record("a change was taken")
                    return
                }
                entry = decision.entry ?? entry
            }
            #expect(entry?.phoneHash == "h1")
            #expect(entry?.texts == 1)
        }
    }

    @Test("an order asks three other numbers at most, and each counts as a text and against the plan")
    func mostChanges() {
        var entry = Self.placed(.due)
        var changes = 0
        for number in 1...40 {
            let decision = Self.update(entry, at: Self.now + Int64(number)) { $0.phoneHash = "n\(number)" }
            changes += decision.effects.contains(.changePhone(Fixture.id)) ? 1 : 0
            entry = decision.entry ?? entry
        }
        #expect(changes == OrderEntry.mostPhoneChanges)
        #expect(entry?.phoneChanges?.count == 3)
        entry?.counted = ["sent/1", "sent/2", "sent/3", "sent/4", "sent/5"]
        for index in 0..<3 { entry?.phoneChanges?[index].isSent = true }
        // One resend beside the three numbers.
        #expect(entry?.texts == 2)
    }

    static let questions: [(String, @Sendable (inout ShopSettings) -> Void)] = [
        ("phone_shop_inactive", { $0.active = false }), ("phone_tag_excluded", { $0.exceptTags = ["vip"] }),
        ("phone_below_minimum", { $0.minimumTotal = "50" }),
        ("phone_country_out_of_scope", { $0.shippingCountries = ["DE"] }),
    ]

    @Test("a change is asked what a new order is asked", arguments: questions.indices)
    func asked(index: Int) {
        let (reason, settings) = Self.questions[index]
        let decision = Self.update(Self.placed(.due), Fixture.view(settings)) {
            ($0.phoneHash, $0.tags, $0.total, $0.shippingCountry) = ("h2", ["VIP"], "9", "FR")
        }
        #expect(decision.effects == [.ignore(reason: reason)])
        #expect(decision.entry?.phoneHash == "h1")
    }

    static func ended(_ fault: Verification.Fault, _ settings: (inout ShopSettings) -> Void = { _ in }) -> OrderEntry? {
        let notice = Notice(verification: Fixture.id, order: "o", outcome: .undeliverable, number: nil, fault: fault)
        return Intake.decide(
            .noticed(notice), Fixture.view(entry: placed(.due), settings), now: now, offset: 8
        ).entry
    }

    @Test("a number corrected after a failure of the number's opens the order once more, and its second end is settled")
    func reopened() {
        let reopened = Self.update(Self.ended(.number)) { $0.phoneHash = "h2" }
        #expect(reopened.effects == [.changePhone(Fixture.id)])
        #expect(reopened.entry?.round == 1)
        #expect(reopened.entry?.openVerification == Fixture.id)
        func end(_ outcome: OutcomeKind, _ round: Int?) -> Intake.Decision {
            let notice = Notice(
                verification: Fixture.id, order: "o", outcome: outcome, number: nil, fault: nil, round: round)
            return Intake.decide(
                .noticed(notice), Fixture.view(entry: reopened.entry), now: Self.now, offset: 11)
        }
        #expect(end(.expired, nil).effects == [.count(.expired)])
        #expect(end(.undeliverable, nil).effects == [.ignore(reason: "duplicate")])
        #expect(end(.undeliverable, 1).effects.contains(.settle(Fixture.id, .review)))
        let verified = end(.verified, 1)
        #expect(verified.effects == [.count(.verified), .settle(Fixture.id, .tagVerified)])
        #expect(verified.entry?.isVerified == true)
        #expect(Self.update(end(.undeliverable, 1).entry, at: Self.now + 1) { $0.phoneHash = "h3" }.effects.isEmpty)
    }

    @Test("our own fault, an order that we cancel, a full plan, an old order and the same number reopen nothing")
    func staysEnded() {
        func update(_ entry: OrderEntry?, _ view: Intake.View? = nil) -> Intake.Decision {
            Self.update(entry, view) { $0.phoneHash = "h2" }
        }
        #expect(update(Self.ended(.ours)).effects.isEmpty)
        #expect(update(Self.ended(.number) { $0.onUndeliverable = .cancel }).effects.isEmpty)
        var full = Fixture.view()
        full.plan = .full
        #expect(update(Self.ended(.number), full).effects.isEmpty)
        #expect(Self.update(Self.ended(.number)) { _ in }.effects.isEmpty)
        let late = Self.update(Self.ended(.number), at: Self.now + Intake.startableMs + 1) { $0.phoneHash = "h2" }
        #expect(late.effects.isEmpty)
    }

    @Test("what was never texted is given back, its other numbers too")
    func givenBack() {
        var entry = Self.placed(.due)
        entry?.month = "2026-11"
        entry?.phoneChanges = [.init(at: Self.now, month: "2026-12"), .init(at: Self.now, month: nil)]
        let notice = Notice(verification: Fixture.id, order: "o", outcome: .undeliverable, number: nil, fault: .ours)
        let decision = Intake.decide(.noticed(notice), Fixture.view(entry: entry), now: Self.now, offset: 10)
        #expect(decision.effects.contains(.giveBack(month: "2026-11")))
        #expect(decision.effects.contains(.giveBack(month: "2026-12")))
        #expect(decision.entry?.phoneChanges?.compactMap(\.month).isEmpty == true)
    }
}
