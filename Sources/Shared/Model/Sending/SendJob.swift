/// One text to be sent, as its owner (Sender) knows it; the value of `otp.sends`.
///
/// Written as an intent before the provider is asked, and again with every result, so that a restart knows what is
/// unfinished and repeats exactly that, with the same code. A job that has ended forgets whom the text went to and
/// keeps what duplicates and delivery reports need. Where a delivery report is to be expected an accepted job has not
/// ended before the report is there or its time is over.
public struct SendJob: Codable, Equatable, Sendable {
    public var number: Int
    public var generation: Int
    public var state: State
    /// What was asked for; without the person once the job has ended.
    public var request: Boxed<SendRequest>
    /// Attempts whose result is known.
    public var attempts: Int
    /// When the next attempt is due; in an accepted job, when its delivery report is. Nil once the job has ended.
    public var nextAttemptAt: Int64?
    /// When this job last told Verifier the hash of its code; nil while it did not.
    public var challengedAt: Int64?
    /// When the provider was known to have the text.
    public var acceptedAt: Int64?
    /// Whether the last attempt may have reached the shopper: the provider is asked before the text is repeated.
    public var isUncertain: Bool
    /// When that attempt began, in milliseconds since 1970.
    public var uncertainSince: Int64?
    /// When the provider was last asked with unclear outcome: its request may still be on its way there for a while.
    public var askedAt: Int64?
    /// Nil while no provider is known to have the text.
    public var route: Boxed<SendRoute>?
    /// The provider's id of the message.
    public var messageId: String?
    /// Why it waits, or why it failed.
    public var reason: String?
    public var isDelivered: Bool
    /// When the shopper had verified; on one of a verification's jobs.
    public var answeredAt: Int64?
    /// When it last changed.
    public var changedAt: Int64
    /// The highest offset of `otp.requests` this job has applied.
    public var applied: Int64

    public enum State: String, Codable, Sendable {
        case intended, accepted, failed, stopped
    }

    public var isOpen: Bool { state == .intended }

    /// Whether there is anything left to do about it, and it knows the person.
    public var isLive: Bool { nextAttemptAt != nil }

    public var awaitsReport: Bool { state == .accepted && isLive }

    /// Whether it was sent once and goes, or went, out again by another provider.
    public var isRepeated: Bool { route?.passedOver != nil }

    /// Whether the same text may yet be sent a second time.
    public var mayRepeat: Bool { awaitsReport || (isOpen && isRepeated) }

    /// Whether it waits for a key that is missing in the key ring.
    public var lacksKey: Bool { isOpen && reason == Self.unknownKey }

    static let unknownKey = "unknown_key"

    /// The same job with what is needed in memory after its end: who asks for more reads the row.
    public var remembered: SendJob {
        guard !isLive else { return self }
        var job = self
        job.reason = nil
        // Reports about either of two messages must be told apart.
        if !isRepeated {
            job.messageId = nil
            job.route = nil
        }
        return job
    }

    /// A job taken from its table that had begun by `now`: its attempt may have been under way elsewhere, so that it
    /// is looked up first. It can't have begun before it was due.
    public func resumed(now: Int64) -> SendJob {
        guard isOpen, !lacksKey, let due = nextAttemptAt, due <= now else { return self }
        var job = self
        job.isUncertain = true
        job.uncertainSince = uncertainSince ?? due
        // Any provider may have been asked since.
        job.route = route.map { Boxed(SendRoute(passedOver: $0.passedOver, again: $0.again)) }
        return job
    }
}

/// The life of one generation's code, over all texts that carry it, as far as Sender can tell.
public struct CodeLife: Equatable, Sendable {
    public var begunAt: Int64
    /// Verifier renews a life at the first text sent; after that nothing does.
    public var isSent: Bool

    public init(begunAt: Int64, isSent: Bool) {
        self.begunAt = begunAt
        self.isSent = isSent
    }

    /// The life of the code of `generation`, told by a verification's jobs; nil for a code never challenged.
    public init?(of generation: Int, in jobs: [SendJob]) {
        let carriers = jobs.filter { $0.generation == generation && $0.request.value.textKind == .code }
        if let sentAt = carriers.compactMap(\.acceptedAt).min() {
            self.init(begunAt: sentAt, isSent: true)
        } else if let challengedAt = carriers.compactMap(\.challengedAt).max() {
            self.init(begunAt: challengedAt, isSent: false)
        } else {
            return nil
        }
    }

    public func endsAt(seconds: Int) -> Int64 { begunAt + Int64(seconds) * 1000 }
}
