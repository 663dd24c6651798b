@testable import Model
import Testing

@Suite("The merchant's own word")
struct ReleaseTests {
    @Test("closes what is open, with its reason; what has ended stays as it ended", arguments: Release.allCases)
    func closes(release: Release) {
        var story = Story.sent()
        #expect(story.take(.released(release)).count == 1)
        #expect(story.state?.status == .expired)
        #expect(story.state?.reason == release.rawValue)
        #expect(story.take(.released(release)).isEmpty)
        #expect(story.take(.guess(Guess(fingerprint: "x", comparison: .same))) == [.answered(.closed)])
        var verified = Story.sent()
        verified.take(.guess(Guess(fingerprint: "x", comparison: .same)))
        #expect(verified.take(.released(release)).isEmpty)
        #expect(verified.state?.status == .verified)
    }

    @Test("is followed by no act at the shop, whatever settlement asks for", arguments: Settlement.Action.allCases)
    func settles(action: Settlement.Action) {
        var story = Story.sent()
        story.take(.released(.approved))
        #expect(story.take(.settle(action)) == [.settlementIntended(.none)])
        #expect(story.state?.settlement?.result == .nothing)
    }

    @Test("a merchant who cancels afterwards has cancelled")
    func cancelled() {
        var story = Story.sent()
        story.take(.released(.fulfilled))
        #expect(story.take(.orderCancelled) == [.cancelled(by: .merchant)])
    }
}
