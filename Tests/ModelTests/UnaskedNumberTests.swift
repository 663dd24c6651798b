@testable import Model
import Testing

@Suite("Numbers of an order that were never asked")
struct UnaskedNumberTests {
    typealias Fixture = IntakeTests
    static let now = IntakeTests.now

    static func asked(_ change: (inout OrderEntry) -> Void = { _ in }) -> OrderEntry {
        IntakeChangesTests.entry {
            ($0.phoneHash, $0.month, $0.counted) = ("hA", "2026-11", ["sent/1"])
            change(&$0)
        }
    }

    static func view(_ change: (inout ShopSettings) -> Void = { _ in }) -> Intake.View {
        Fixture.view {
            ($0.cancelOnTimeout, $0.onUndeliverable) = (true, .cancel)
            change(&$0)
        }
    }

    static func update(
        _ entry: OrderEntry?, _ view: Intake.View = view(), at time: Int64 = now, _ change: (inout OrderFacts) -> Void
    ) -> Intake.Decision {
        IntakePaymentTests.update(entry, view, at: time) {
            $0.phoneHash = "hB"
            change(&$0)
        }
    }

    static func end(
        _ entry: OrderEntry?, _ outcome: OutcomeKind = .expired, asked hash: String? = "hA",
        fault: Verification.Fault? = nil, number: Int? = nil, round: Int? = nil
    ) -> Intake.Decision {
        var view = Self.view()
        view.entry = entry
        let notice = Notice(
            verification: Fixture.id, order: "o", outcome: outcome, number: number, fault: fault, phoneHash: hash,
            round: round)
        return Intake.decide(.noticed(notice), view, now: now, offset: 10)
    }

    typealias Refusal = (
        what: String, fact: @Sendable (inout OrderFacts) -> Void, view: Intake.View,
        entry: @Sendable (inout OrderEntry) -> Void
    )

    static let refusals: [Refusal] = [
        ("cap", { _ in }, capped, { _ in }), ("plan full", { _ in }, plan(.full), { _ in }),
        ("plan ended", { _ in }, plan(.ended), { _ in }),
        ("changes", { _ in }, view(), { $0.phoneChanges = (0..<3).map { .init(at: Int64($0), month: nil) } }),
        ("scope", { $0.gateways = ["card"] }, view { $0.orders = .cod }, { _ in }),
        ("country", { _ in }, view { $0.countries = ["DE"] }, { _ in }),
        ("type", { ($0.phone, $0.phoneHash) = (.refused, nil) }, view(), { _ in }),
        ("unusable", { ($0.phone, $0.phoneHash) = (.unusable, nil) }, view(), { _ in }),
        ("inactive", { _ in }, view { $0.active = false }, { _ in }),
    ]

    static let capped: Intake.View = {
        var view = Self.view { $0.dailyCap = 5 }
        view.textsToday = 5
        return view
    }()

    static func plan(_ standing: PlanStanding) -> Intake.View {
        var view = Self.view()
        view.plan = standing
        return view
    }

    @Test("an order whose corrected number was turned away is looked at, not cancelled", arguments: refusals.indices)
    func turnedAway(index: Int) {
        let (what, fact, view, change) = Self.refusals[index]
        let refused = Self.update(Self.asked(change), view, fact)
        #expect(!refused.effects.contains(.changePhone(Fixture.id)), "\(what)")
        #expect(refused.entry?.isUnasked == true, "\(what)")
        for outcome in [OutcomeKind.expired, .undeliverable] {
            #expect(Self.end(refused.entry, outcome).effects.contains(.settle(Fixture.id, .review)), "\(what)")
        }
        let back = Self.update(refused.entry, at: Self.now + 1) { $0.phoneHash = "hA" }
        #expect(back.entry?.isUnasked == nil)
        #expect(Self.end(back.entry).effects.contains(.settle(Fixture.id, .cancel)))
    }

    @Test("a number that is asked after all, and one taken away, mark nothing")
    func notMarked() {
        let refused = Self.update(Self.asked(), Self.capped) { _ in }.entry
        let asked = Self.update(refused, at: Self.now + 1) { _ in }
        #expect(asked.effects == [.changePhone(Fixture.id)])
        #expect(asked.entry?.isUnasked == nil)
        #expect(Self.end(asked.entry, asked: "hB").effects.contains(.settle(Fixture.id, .cancel)))
        let removed = Self.update(Self.asked()) { ($0.phone, $0.phoneHash) = (.missing, nil) }.entry
        #expect(Self.end(removed).effects.contains(.settle(Fixture.id, .cancel)))
    }

    @Test("an end that stands before the change is of the number before: a review, and the change costs nothing")
    func endFirst() {
        let changed = Self.update(Self.asked()) { _ in }.entry
        let ended = Self.end(changed, asked: "hA")
        #expect(ended.effects.contains(.settle(Fixture.id, .review)))
        #expect(ended.effects.contains(.giveBack(month: "")))
        #expect(ended.entry?.month == "2026-11")
        #expect(ended.entry?.openVerification == nil)
        #expect(Self.end(changed, asked: "hB").effects == [.count(.expired), .settle(Fixture.id, .cancel)])
        // From an older version, which did not say.
        #expect(Self.end(changed, asked: nil).effects == [.count(.expired), .settle(Fixture.id, .cancel)])
    }

    @Test("of a chain of numbers those after the one of the end are given back")
    func chain() {
        let entry = Self.asked {
            $0.phoneHash = "hD"
            $0.phoneChanges = zip(["1", "2", "3"], ["hB", "hC", "hD"]).map {
                .init(at: Self.now, month: $0, phoneHash: $1)
            }
        }
        func given(_ hash: String) -> [String] {
            Self.end(entry, .verified, asked: hash).effects.compactMap {
                if case .giveBack(let month) = $0 { month } else { nil }
            }
        }
        #expect(given("hA") == ["1", "2", "3"])
        #expect(given("hB") == ["2", "3"])
        #expect(given("hC") == ["3"])
        #expect(given("hD") == [])
    }

    @Test("where Verifier opened it again by itself, its notices say so, and the order is open once more")
    func reopenedElsewhere() {
        let fresh = Self.asked { $0.counted = [] }
        let changed = Self.update(fresh) { _ in }.entry
        let failed = Self.end(changed, .undeliverable, fault: .number)
        #expect(failed.effects.filter { $0 == .giveBack(month: "2026-11") }.count == 1)
        #expect(!failed.effects.contains(.giveBack(month: "")))
        #expect(failed.entry?.openVerification == nil)
        let sent = Self.end(failed.entry, .sent, asked: "hB", number: 2, round: 1)
        #expect(sent.entry?.openVerification == Fixture.id)
        #expect(sent.entry?.isNumberAtFault == nil)
        #expect(sent.entry?.round == 1)
        let expired = Self.end(sent.entry, asked: "hB", round: 1)
        #expect(expired.effects == [.count(.expired), .settle(Fixture.id, .cancel)])
        // Without a text in between.
        let verified = Self.end(failed.entry, .verified, asked: "hB", round: 1)
        #expect(verified.effects.contains(.settle(Fixture.id, .tagVerified)))
    }

    @Test("an order paid in the meantime is not opened again; a number verified before is asked")
    func reopening() {
        let failed = Self.asked {
            ($0.isNumberAtFault, $0.settled, $0.settledAt) = (true, .review, Self.now)
            ($0.counted, $0.wasUnpaid) = (["undeliverable"], true)
        }
        var known = Self.view { $0.skipVerified = true }
        known.isVerifiedBefore = true
        #expect(Self.update(failed, known) { _ in }.effects == [.changePhone(Fixture.id)])
        #expect(!Self.update(failed) { $0.payment = .paid }.effects.contains(.changePhone(Fixture.id)))
        var paid = failed
        paid.isPaid = true
        #expect(!Self.update(paid) { _ in }.effects.contains(.changePhone(Fixture.id)))
    }

    @Test("texts to other numbers are taken off those sent only where they were sent")
    func texts() {
        var entry = Self.update(Self.asked()) { _ in }.entry
        entry = Self.end(entry, .sent, number: 2).entry
        #expect(entry?.texts == 2)
        entry = Self.end(entry, .sent, asked: "hB", number: 3).entry
        #expect(entry?.texts == 2)
        entry = Self.end(entry, .sent, asked: "hB", number: 4).entry
        #expect(entry?.texts == 3)
    }

    @Test("orders without a number are looked at only where one with a number would be opened")
    func skippedReview() {
        #expect(Intake.mayReviewSkipped(.noPhone, Self.view(), now: Self.now))
        #expect(!Intake.mayReviewSkipped(.channel, Self.view(), now: Self.now))
        for view in [Self.capped, Self.plan(.full), Self.plan(.ended)] {
            #expect(!Intake.mayReviewSkipped(.noPhone, view, now: Self.now))
        }
        var full = Self.view { $0.aboveLimit = .review }
        full.plan = .full
        #expect(Intake.mayReviewSkipped(.phoneUnusable, full, now: Self.now))
    }
}
