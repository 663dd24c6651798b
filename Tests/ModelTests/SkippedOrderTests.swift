@testable import Model
import Testing

@Suite("Orders that nobody can be asked about")
struct SkippedOrderTests {
    private static func decided(_ state: Verification?, _ command: VerificationCommand) -> Verification? {
        var state = state
        for event in Verification.decide(state, command, now: 1000) {
            state = Verification.apply(state, event, now: 1000, offset: 1)
        }
        return state
    }

    static let skipped = VerificationCommand.skipped(
        SkippedOrder(subject: VerificationFactory.usual, reason: .noPhone))

    @Test("are a record that is over at once, with the intent of a review; twice is once")
    func opened() {
        let state = Self.decided(nil, Self.skipped)
        #expect(state?.isSkipped == true)
        #expect(state?.detail == "no_phone")
        #expect(state?.texts.isEmpty == true)
        #expect(state?.settlement?.action == .review)
        #expect(state?.settlement?.result == nil)
        #expect(Verification.decide(state, Self.skipped, now: 2000).isEmpty)
        #expect(Verification.decide(state, .orderCancelled, now: 2000).isEmpty)
        #expect(Verification.decide(state, .guess(Guess(fingerprint: "x")), now: 2000) == [.answered(.closed)])
    }

    @Test("are opened as new by a number that comes later, once")
    func openedLate() {
        let late = Self.decided(Self.decided(nil, Self.skipped), .opened(VerificationFactory.usual))
        #expect(late?.status == .pending)
        #expect(late?.settlement == nil)
        #expect(late?.texts.map(\.number) == [1])
        #expect(Verification.decide(late, .opened(VerificationFactory.usual), now: 2000).isEmpty)
        #expect(Verification.decide(late, Self.skipped, now: 2000).isEmpty)
        // The word of what was done about the skipped one, late, is about nothing any more.
        #expect(Verification.decide(late, .settled(.tagged), now: 2000).isEmpty)
    }
}
