import Security

/// The tokens a shop has granted the app: the pair last given out, and the one before it, which goes on working until
/// the new one is first used (so a lost answer can be had again). Uninstalling ends both.
struct StandInGrants: Sendable {
    struct Pair: Sendable {
        var access: Secret
        var refresh: Secret
        /// Milliseconds since 1970.
        var expiresAt: Int64
    }

    static let refreshSeconds: Int64 = 7_776_000

    private(set) var current: Pair?
    private(set) var before: Pair?
    var scopes: [String] = []
    /// How long access tokens given out from now on live.
    var tokenSeconds: Int64 = 3600

    var isInstalled: Bool { current != nil }

    /// Whether an access token opens the Admin API now; the first use of a new one ends the old one.
    mutating func opens(_ token: Secret, now: Int64) -> Bool {
        if let current, current.access == token {
            before = nil
            return now < current.expiresAt
        }
        return before.map { $0.access == token && now < $0.expiresAt } ?? false
    }

    /// A new pair, for a code or a session token.
    mutating func grant(_ granted: [String], now: Int64) -> Pair {
        scopes = granted
        before = current
        return make(now)
    }

    /// A new pair for a refresh token; nil for one that is unknown or used up.
    mutating func refresh(_ token: Secret, now: Int64) -> Pair? {
        if let current, current.refresh == token {
            before = current
            return make(now)
        }
        guard let before, before.refresh == token else { return nil }
        return make(now)
    }

    /// Every token's end, without another's being given out.
    mutating func expire(now: Int64) {
        current?.expiresAt = now
        before?.expiresAt = now
    }

    mutating func revoke() {
        (current, before) = (nil, nil)
        scopes = []
    }

    private mutating func make(_ now: Int64) -> Pair {
        let pair = Pair(
            access: Secret(text: RandomName.make("shpat_")), refresh: Secret(text: RandomName.make("shprt_")),
            expiresAt: now + tokenSeconds * 1000)
        current = pair
        return pair
    }
}
