@testable import Model
import Testing

@Suite("Orders that were asked for")
struct PolledFactsTests {
    typealias Fixture = IntakeTests
    typealias Unasked = UnaskedNumberTests

    @Test("a number read from some of its places only changes nothing of a known order, and opens nothing again")
    func known() {
        let polled = Unasked.update(Unasked.asked()) { ($0.isPolled, $0.isPhoneUnread) = (true, true) }
        #expect(polled.effects == [])
        #expect(polled.entry?.phoneHash == "hA")
        #expect(polled.entry?.isUnasked == nil)
        let failed = Unasked.asked { ($0.isNumberAtFault, $0.counted) = (true, ["undeliverable"]) }
        #expect(Unasked.update(failed) { ($0.isPolled, $0.isPhoneUnread) = (true, true) }.effects == [])
        let read = Unasked.update(Unasked.asked()) { $0.isPolled = true }
        #expect(read.effects == [.changePhone(Fixture.id)])
    }

    @Test("what is no newer than a webhook changes nothing")
    func same() {
        let entry = Unasked.asked { $0.updatedAt = Unasked.now }
        #expect(Unasked.update(entry) { $0.isPolled = true }.effects == [.ignore(reason: "outdated")])
        #expect(Unasked.update(entry) { _ in }.effects == [.changePhone(Fixture.id)])
    }

    @Test("what a poll can't tell leaves no entry, so that the webhook decides as of a new order")
    func unknown() {
        for phone in [OrderFacts.Phone.missing, .unusable, .refused] {
            let polled = Unasked.update(nil) {
                ($0.isPolled, $0.isPhoneUnread, $0.phone, $0.phoneHash) = (true, true, phone, nil)
            }
            #expect(polled == Intake.Decision(entry: nil, effects: [.ignore(reason: "phone_unread")]))
        }
        let draft = Unasked.update(nil, Unasked.view { $0.orders = .cod }) {
            ($0.isPolled, $0.channel) = (true, "shopify_draft_order")
        }
        #expect(draft == Intake.Decision(entry: nil, effects: [.ignore(reason: "draft_unread")]))
        #expect(Unasked.update(nil) { $0.isPolled = true }.effects.first == .request(Fixture.id))
        let without = Unasked.update(nil) { ($0.isPolled, $0.phone, $0.phoneHash) = (true, .missing, nil) }
        #expect(without.effects == [.skip(.noPhone)])
    }

    @Test("a shop of cash on delivery is asked about the gateway of an app's form")
    func appForm() {
        let placed = Fixture.place(
            Fixture.facts { ($0.channel, $0.gateways) = ("6687547", ["Paga en casa"]) },
            Fixture.view { $0.orders = .cod })
        #expect(placed.effects == [.skip(.outOfScope)])
    }
}
