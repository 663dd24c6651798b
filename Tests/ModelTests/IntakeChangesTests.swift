@testable import Model
import Testing

@Suite("What a later word about an order changes")
struct IntakeChangesTests {
    typealias Fixture = IntakeTests
    static let now = IntakeTests.now

    static func entry(_ change: (inout OrderEntry) -> Void = { _ in }) -> OrderEntry {
        var entry = OrderEntry(
            verification: Fixture.id, skipped: nil, seenAt: now, isCancelled: false, isFulfilled: false,
            isApproved: false, updatedAt: now - 500, applied: 1)
        change(&entry)
        return entry
    }

    static func update(_ entry: OrderEntry?, _ change: (inout OrderFacts) -> Void) -> Intake.Decision {
        let facts = Fixture.facts {
            $0.updatedAt = now
            change(&$0)
        }
        return Intake.decide(
            .orderUpdated(facts, verification: Fixture.id), Fixture.view(entry: entry), now: now, offset: 9)
    }

    @Test("an update that overtakes its order is decided as the order; of one that may not start it does nothing")
    func unknown() {
        #expect(Self.update(nil) { _ in }.effects.first == .request(Fixture.id))
        #expect(Self.update(nil) { $0.isFulfilled = true }.effects == [.skip(.alreadyFulfilled)])
        let old = Self.update(nil) { $0.createdAt = Self.now - Intake.startableMs - 1 }
        #expect(old == Intake.Decision(entry: nil, effects: [.ignore(reason: "unknown_order")]))
    }

    typealias Change = (
        fact: @Sendable (inout OrderFacts) -> Void, entry: @Sendable (inout OrderEntry) -> Void,
        effects: [Intake.Effect]
    )

    static let changes: [Change] = [
        ({ $0.isFulfilled = true }, { $0.isFulfilled = true }, [.release(Fixture.id, .fulfilled)]),
        ({ $0.tags = ["otp-approve"] }, { $0.isApproved = true }, [.release(Fixture.id, .approved)]),
        ({ _ in }, { _ in }, []),
        // The number of an entry from before numbers were kept.
        ({ $0.phoneHash = "h1" }, { $0.phoneHash = "h1" }, []),
    ]

    @Test(
        "a newer update keeps the entry current; the merchant's own word closes the verification",
        arguments: changes.indices)
    func current(index: Int) {
        let (fact, change, effects) = Self.changes[index]
        let expected = Self.entry {
            $0.updatedAt = Self.now
            $0.applied = 9
            change(&$0)
        }
        #expect(Self.update(Self.entry(), fact) == Intake.Decision(entry: expected, effects: effects))
    }

    @Test("another number replaces the one asked while the verification is open, and only one that can get a text")
    func phoneChanged() {
        let asked = Self.entry { $0.phoneHash = "h1" }
        let changed = Self.update(asked) { $0.phoneHash = "h2" }
        #expect(changed.effects == [.changePhone(Fixture.id)])
        #expect(changed.entry?.phoneHash == "h2")
        for phone in [OrderFacts.Phone.missing, .unusable, .refused] {
            let kept = Self.update(asked) { $0.phone = phone }
            #expect(kept.effects == [])
            #expect(kept.entry?.phoneHash == "h1")
        }
        for end in ["verified", "expired", "undeliverable", "cancelled"] {
            let ended = Self.entry {
                $0.phoneHash = "h1"
                $0.counted = ["sent/1", end]
            }
            #expect(Self.update(ended) { $0.phoneHash = "h2" }.effects == [])
        }
    }

    @Test("what is taken back is taken back")
    func takenBack() {
        let decision = Self.update(Self.entry { $0.isApproved = true }) { _ in }
        #expect(decision.entry?.isApproved == false)
    }

    @Test("an update that was overtaken by a newer one changes nothing, a repeated one neither")
    func outdated() {
        let newer = Self.entry { $0.updatedAt = Self.now + 1 }
        #expect(Self.update(newer) { $0.isFulfilled = true }.effects == [.ignore(reason: "outdated")])
        let same = Self.entry { $0.updatedAt = Self.now }
        #expect(Self.update(same) { _ in }.effects == [.ignore(reason: "unchanged")])
    }

    @Test("an update that shows the order cancelled is its cancellation, however old; the webhook after it is an echo")
    func cancelled() {
        for updatedAt in [Self.now - 500, Self.now + 500] {
            let first = Self.update(Self.entry { $0.updatedAt = updatedAt }) { $0.isCancelled = true }
            #expect(first.effects == [.tellCancelled(Fixture.id)])
            #expect(first.entry?.isCancelled == true)
            let echo = Intake.decide(
                .orderCancelled(createdAt: Self.now), Fixture.view(entry: first.entry), now: Self.now, offset: 10)
            #expect(echo.effects == [.ignore(reason: "duplicate")])
        }
    }

    @Test("a phone added within a day starts the verification, once; if anything else is in the way it stays skipped")
    func phoneAdded() {
        let skipped = Self.entry {
            $0.verification = nil
            $0.skipped = .noPhone
        }
        let started = Self.update(skipped) { _ in }
        #expect(started.effects == [.request(Fixture.id), .count(.requested), .count(.charged)])
        #expect(started.entry?.skippedAt == skipped.seenAt)
        #expect(Self.update(started.entry) { _ in }.effects == [.ignore(reason: "unchanged")])
        let fulfilled = Self.update(skipped) { $0.isFulfilled = true }
        #expect(fulfilled.effects.isEmpty)
        #expect(fulfilled.entry?.skipped == .noPhone)
        #expect(Self.update(skipped) { $0.phone = .missing }.effects.isEmpty)
    }

    @Test("the cancellation of an order that could not start any more is not remembered")
    func oldCancellation() {
        let old = Intake.decide(
            .orderCancelled(createdAt: Self.now - Intake.startableMs - 1), Fixture.view(), now: Self.now, offset: 9)
        #expect(old == Intake.Decision(entry: nil, effects: [.ignore(reason: "too_old")]))
        var stranger = Fixture.view()
        stranger.shop = nil
        let unknown = Intake.decide(.orderCancelled(createdAt: Self.now), stranger, now: Self.now, offset: 9)
        #expect(unknown.effects == [.ignore(reason: "unknown_shop")])
    }

    @Test("a shop put again keeps its activation, in whole seconds")
    func activation() {
        let key = ShopRecord(
            platform: "shopify", version: 3, wrappedKey: Sealed([1]), keyId: "k1", putId: "p1", applied: 3)
        func put(_ record: ShopRecord, _ id: String, now: Int64) -> ShopRecord {
            record.installed(
                accessToken: Sealed([2]), plan: .pro, shopifyPlan: nil, settings: ShopSettings(), putId: id, now: now,
                offset: 4)
        }
        let first = put(key, "p2", now: 1_800_000_000_999)
        #expect(first.installation?.activatedAt == 1_800_000_000_000)
        let second = put(first, "p3", now: 1_800_000_900_000)
        #expect(second.installation?.activatedAt == 1_800_000_000_000)
        #expect(second.putId == "p3")
        #expect(second.version == 3)
    }
}
