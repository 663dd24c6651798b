import Security

/// What stood where the link's token belongs. Programs that find links in texts take along what is behind them (a full
/// stop, a bracket, a quote, the next word), so the first 36 characters decide.
struct LinkText {
    /// The token that the text begins with.
    let token: LinkToken?
    /// The same, where nothing is behind it.
    let exactToken: LinkToken?

    private static let length = 36

    /// - Parameter text: decoded, or as it came where it could not be.
    init(_ text: String, _ identity: IdentityKey) {
        let front = text.utf8.prefix(Self.length)
        token = identity.accept(String(decoding: front, as: UTF8.self))
        exactToken = text.utf8.count == front.count ? token : nil
    }
}
