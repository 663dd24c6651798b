/// What Twilio says of a message. Reports are unordered and may repeat: `supersedes` keeps them from going backwards.
public struct TwilioStatus: Sendable, Hashable {
    /// `queued`, `delivered` …
    public let name: String
    /// How far along it is; 0 for a word we don't know.
    public let rank: Int

    public init(_ name: String) {
        self.name = name
        rank = TwilioStatus.ranks[name] ?? 0
    }

    /// Whether a report of this says more than `other` does. A delivery outdoes a failure reported before it.
    public func supersedes(_ other: TwilioStatus) -> Bool { rank > other.rank }

    /// The handset has it.
    public var isDelivered: Bool { rank >= 7 }
    /// It will not arrive.
    public var isFailed: Bool { rank == 6 }
    /// Nothing but a delivery can follow.
    public var isFinal: Bool { rank >= 6 }

    private static let ranks = [
        "scheduled": 1, "accepted": 2, "queued": 3, "sending": 4, "sent": 5,
        "undelivered": 6, "failed": 6, "canceled": 6, "partially_delivered": 7, "delivered": 8, "read": 9,
    ]
}
