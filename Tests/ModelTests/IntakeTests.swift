@testable import Model
import Testing

@Suite("The owner's decisions about orders")
struct IntakeTests {
    static let now: Int64 = 1_800_000_000_000
    static let id = VerificationID("0190f9c2-0000-8000-8000-000000000001").unsafelyUnwrapped

    static func facts(_ change: (inout OrderFacts) -> Void = { _ in }) -> OrderFacts {
        var facts = OrderFacts(
            order: "gid://shopify/Order/1", orderName: "#1", createdAt: now - 1000, isTest: false, isCancelled: false,
            isFulfilled: false, tags: [], gateways: ["Cash on Delivery (COD)"], locale: "en", customerHash: nil,
            phone: .usable(country: "US"))
        change(&facts)
        return facts
    }

    static func view(
        entry: OrderEntry? = nil, cancels: Int = 0, mayCancel: Bool = true,
        _ change: (inout ShopSettings) -> Void = { _ in }
    ) -> Intake.View {
        var settings = ShopSettings()
        change(&settings)
        let installation = ShopRecord.Installation(
            accessToken: Sealed([]), plan: .starter, shopifyPlan: nil, settings: settings,
            activatedAt: now - 86_400_000 * 30)
        let shop = ShopRecord(
            platform: "shopify", version: 1, wrappedKey: Sealed([]), keyId: "k1", installation: installation,
            putId: "p", applied: 1)
        return Intake.View(shop: shop, entry: entry, cancelsInLastHour: cancels, mayCancel: mayCancel)
    }

    static func place(_ facts: OrderFacts, _ view: Intake.View) -> Intake.Decision {
        Intake.decide(.orderPlaced(facts, verification: id), view, now: now, offset: 7)
    }

    static func entry(of facts: OrderFacts = facts()) -> OrderEntry {
        place(facts, view()).entry.unsafelyUnwrapped
    }

    @Test("an order in scope is requested and counted, and a second time is a duplicate")
    func requested() {
        let decision = Self.place(Self.facts(), Self.view())
        #expect(decision.effects == [.request(Self.id), .count(.requested), .count(.charged)])
        #expect(decision.entry?.verification == Self.id)
        let again = Self.place(Self.facts(), Self.view(entry: decision.entry))
        #expect(again == Intake.Decision(entry: nil, effects: [.ignore(reason: "duplicate")]))
    }

    static let skips: [(SkipReason, OrderFacts, Intake.View)] = [
        (.shopInactive, facts(), view { $0.active = false }),
        (.beforeActivation, facts { $0.createdAt = now - 7_200_000 }, newShop),
        (.stale, facts { $0.createdAt = now - 86_400_001 }, view()),
        (.testOrder, facts { $0.isTest = true }, view()),
        (.alreadyCancelled, facts { $0.isCancelled = true }, view()),
        (.alreadyFulfilled, facts { $0.isFulfilled = true }, view()),
        (.approved, facts { $0.tags = ["VIP", "OTP-Approve"] }, view()),
        (.outOfScope, facts { $0.gateways = ["shopify_payments"] }, view { $0.orders = .cod }),
        (.noPhone, facts { $0.phone = .missing }, view()),
        (.phoneUnusable, facts { $0.phone = .unusable }, view()),
        (.countryNotServed, facts(), view { $0.countries = ["DE"] }),
        (.countryNotServed, facts { $0.shippingCountry = "FR" }, shippingShop),
        (.numberType, facts { $0.phone = .refused }, view()),
        (.channel, facts { $0.channel = "pos" }, view()),
        (.belowMinimum, facts { $0.total = "49.99" }, view { $0.minimumTotal = "50" }),
        (.countryOutOfScope, facts { $0.shippingCountry = "FR" }, view { $0.shippingCountries = ["DE"] }),
        (.tagMissing, facts(), view { $0.onlyTags = ["verify"] }),
        (.tagExcluded, facts { $0.tags = ["VIP"] }, view { $0.exceptTags = ["vip"] }),
        (.customerVerified, facts(), knownCustomer),
        (.dailyCap, facts(), cappedShop), (.planLimit, facts(), planShop(.full)),
        (.planEnded, facts(), planShop(.ended)),
    ]

    static func planShop(_ plan: PlanStanding) -> Intake.View {
        var shop = IntakeTests.view()
        shop.plan = plan
        return shop
    }

    /// A shop that is known to ship to Germany only.
    static let shippingShop: Intake.View = {
        var known = IntakeTests.view()
        known.shop?.shipsTo = ["DE"]
        return known
    }()

    /// A shop that has had its day's texts.
    static let cappedShop: Intake.View = {
        var capped = IntakeTests.view { $0.dailyCap = 5 }
        capped.textsToday = 5
        return capped
    }()

    /// The order's number was verified before, and the shop asks for it once.
    static let knownCustomer: Intake.View = {
        var known = IntakeTests.view { $0.skipVerified = true }
        known.isVerifiedBefore = true
        return known
    }()

    @Test("countries are known after a week; an order's own destination counts; no cap stops a shop without one")
    func served() {
        var known = Self.shippingShop
        let french = Self.facts { $0.shippingCountry = "US" }
        #expect(Self.place(french, known).effects.first == .request(Self.id))
        known.shop?.installation?.activatedAt = Self.now - 86_400_000
        #expect(Self.place(Self.facts(), known).effects.first == .request(Self.id))
        var old = Self.view()
        (old.textsToday, old.newShopCap) = (1_000_000, 5)
        #expect(Self.place(Self.facts(), old).effects.first == .request(Self.id))
        old.shop?.installation?.activatedAt = Self.now - 86_400_000
        #expect(Self.place(Self.facts(), old).effects == [.skip(.dailyCap)])
    }

    /// A shop activated an hour ago.
    static let newShop: Intake.View = {
        var new = IntakeTests.view()
        new.shop?.installation?.activatedAt = now - 3_600_000
        return new
    }()

    @Test("an order outside the rules is skipped with its reason and remembered", arguments: skips.indices)
    func skipped(index: Int) {
        let (reason, facts, view) = Self.skips[index]
        let decision = Self.place(facts, view)
        #expect(decision.effects == [.skip(reason)])
        #expect(decision.entry?.skipped == reason)
        #expect(decision.entry?.verification == nil)
    }

    @Test("every reason to skip has its case")
    func allReasons() {
        #expect(Set(Self.skips.map(\.0)) == Set(SkipReason.allCases))
    }

    @Test("an order older than six days leaves a counter only")
    func tooOld() {
        let decision = Self.place(Self.facts { $0.createdAt = Self.now - 6 * 86_400_000 - 1 }, Self.view())
        #expect(decision == Intake.Decision(entry: nil, effects: [.ignore(reason: "too_old")]))
    }

    @Test("a phone added within a day starts the verification after all")
    func phoneAdded() {
        let entry = Self.place(Self.facts { $0.phone = .missing }, Self.view()).entry
        #expect(Self.place(Self.facts(), Self.view(entry: entry)).effects.first == .request(Self.id))
        let late = Self.facts { $0.createdAt = Self.now - 86_400_001 }
        #expect(Self.place(late, Self.view(entry: entry)).effects == [.ignore(reason: "duplicate")])
    }

    @Test("a cancellation is passed on once, and one that overtakes its order closes it")
    func cancelled() {
        let first = Intake.decide(
            .orderCancelled(createdAt: Self.now - 1000), Self.view(entry: Self.entry()), now: Self.now, offset: 9)
        #expect(first.effects == [.tellCancelled(Self.id)])
        let second = Intake.decide(
            .orderCancelled(createdAt: Self.now - 1000), Self.view(entry: first.entry), now: Self.now, offset: 10)
        #expect(second.effects == [.ignore(reason: "duplicate")])
        let early = Intake.decide(.orderCancelled(createdAt: Self.now - 1000), Self.view(), now: Self.now, offset: 9)
        #expect(Self.place(Self.facts(), Self.view(entry: early.entry)).effects == [.ignore(reason: "duplicate")])
    }
}

@Suite("Settlement")
struct IntakeSettlementTests {
    private func settle(
        _ outcome: OutcomeKind, fault: Verification.Fault? = nil, _ view: Intake.View
    ) -> [Intake.Effect] {
        let notice = Notice(
            verification: IntakeTests.id, order: "gid://shopify/Order/1", outcome: outcome, number: nil, fault: fault)
        return Intake.decide(.noticed(notice), view, now: IntakeTests.now, offset: 9).effects
    }

    private func view(
        cancels: Int = 0, mayCancel: Bool = true, _ change: (inout OrderEntry) -> Void = { _ in },
        settings: (inout ShopSettings) -> Void = { _ in }
    ) -> Intake.View {
        var entry = IntakeTests.entry()
        change(&entry)
        return IntakeTests.view(entry: entry, cancels: cancels, mayCancel: mayCancel, settings)
    }

    private func action(_ effects: [Intake.Effect]) -> Settlement.Action? {
        for case .settle(_, let action) in effects { return action }
        return nil
    }

    @Test("verified is tagged, a time-out cancels, a cancelled order asks for nothing")
    func plain() {
        #expect(settle(.verified, view()) == [.count(.verified), .settle(IntakeTests.id, .tagVerified)])
        #expect(settle(.expired, view()) == [.count(.expired), .settle(IntakeTests.id, .cancel)])
        #expect(action(settle(.cancelled, view())) == Settlement.Action.none)
        #expect(settle(.sent, view()) == [.count(.sent)])
    }

    @Test("our own trouble, the merchant's wish and the default for undeliverable ask for a review")
    func review() {
        #expect(action(settle(.expired, fault: .ours, view())) == .review)
        #expect(action(settle(.undeliverable, fault: .number, view())) == .review)
        #expect(action(settle(.expired, view(settings: { $0.cancelOnTimeout = false }))) == .review)
        #expect(
            action(settle(.undeliverable, fault: .number, view(settings: { $0.onUndeliverable = .cancel }))) == .cancel)
        #expect(
            action(settle(.undeliverable, fault: .ours, view(settings: { $0.onUndeliverable = .cancel }))) == .review)
    }

    @Test("an order the merchant has dealt with is left alone")
    func dealtWith() {
        #expect(action(settle(.expired, view({ $0.isCancelled = true }))) == Settlement.Action.none)
        #expect(action(settle(.expired, view({ $0.isFulfilled = true }))) == Settlement.Action.none)
        #expect(action(settle(.expired, view({ $0.isApproved = true }))) == Settlement.Action.none)
    }

    @Test("the brake turns cancellations into reviews and says so")
    func brake() {
        let braked = settle(.expired, view(cancels: 100))
        #expect(braked == [.count(.expired), .settle(IntakeTests.id, .review), .braked])
        #expect(action(settle(.expired, view(cancels: 99))) == .cancel)
        #expect(action(settle(.expired, view(mayCancel: false))) == .review)
    }

    @Test("a notice is counted and settled once")
    func once() {
        let notice = Notice(
            verification: IntakeTests.id, order: "o", outcome: .verified, number: nil, fault: nil)
        let first = Intake.decide(.noticed(notice), view(), now: IntakeTests.now, offset: 9)
        let again = IntakeTests.view(entry: first.entry)
        #expect(
            Intake.decide(.noticed(notice), again, now: IntakeTests.now, offset: 10).effects
                == [.ignore(reason: "duplicate")])
    }
}
