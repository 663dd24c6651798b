import Model

/// A verification's life in short words, for tables of cases.
struct Story {
    var state: Verification?
    var now: Int64 = 1_000_000
    var offset: Int64 = 0
    var events: [VerificationEvent] = []

    static let subject = Subject(
        platform: "shopify", shop: "a.myshopify.com", order: "gid://shopify/Order/1", orderName: "#1", shopVersion: 3,
        phone: Sealed([1, 2]), phoneHash: "ph", phoneMask: "+1*****4567", range: "rg", customerHash: nil, locale: "en",
        keyId: "k1", timerSeconds: 900, codeSeconds: 600, codeLength: 6)

    static let otherPhone: Subject = {
        var subject = Self.subject
        subject.phoneHash = "ph2"
        subject.range = "rg2"
        return subject
    }()

    /// Decides and applies one command `after` so many seconds, and returns the events it led to.
    @discardableResult
    mutating func take(_ command: VerificationCommand, after seconds: Int64 = 0) -> [VerificationEvent] {
        now += seconds * 1000
        offset += 1
        let decided = Verification.decide(state, command, now: now)
        for event in decided { state = Verification.apply(state, event, now: now, offset: offset) }
        events += decided
        return decided
    }

    @discardableResult
    mutating func guess(_ fingerprint: String?, right: String = "right", after seconds: Int64 = 0)
        -> [VerificationEvent]
    {
        let hash = state?.hashToCompare(with: Guess(fingerprint: fingerprint), now: now + seconds * 1000)
        let comparison: Guess.Comparison = hash == nil ? .notMade : fingerprint == right ? .same : .different
        return take(.guess(Guess(fingerprint: fingerprint, comparison: comparison)), after: seconds)
    }

    static func opened() -> Story {
        var story = Story()
        story.take(.opened(subject))
        return story
    }

    static func sent() -> Story {
        var story = opened()
        story.take(.challenged(Challenge(generation: 1, hash: "h1")), after: 1)
        story.take(.sent(TextReport(number: 1, generation: 1)), after: 1)
        return story
    }

    static func expired(fault: Bool = false) -> Story {
        var story = sent()
        story.take(.timedOut(attendedSince: fault ? story.now + 1 : 0), after: 900)
        return story
    }

    static func verified() -> Story {
        var story = sent()
        story.guess("right", after: 5)
        return story
    }
}
