/// Why a call to a shop's admin API came to nothing, and what to do about it.
public struct ShopAdminError: Error, Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// The shop's budget is used up.
        case throttled(after: Duration)
        /// The token is dead: the app was uninstalled, or the token revoked.
        case unauthorized
        /// The shop is gone (an order that is gone is no error, or a business one).
        case notFound
        /// A scope or an approval for protected data is missing.
        case accessDenied
        /// The shop can't be used for now: unpaid, locked.
        case frozen
        /// No usable answer. The request may have been carried out all the same.
        case transient
        /// The shop understood and said no; the code, where there is one, is Shopify's.
        case business(message: String, code: String?)
        /// Shopify did not understand us: a bug, or an API version that is no more.
        case rejected
    }

    public enum Retry: Sendable, Equatable {
        case never
        case after(Duration)
    }

    public let kind: Kind
    /// What happened, for a log: no token, nothing of the order.
    public let message: String
    /// Shopify's `X-Request-Id`, for its support.
    public let requestId: String?
    /// What a `Retry-After` asked for, where there was one.
    public let wait: Duration?

    public init(_ kind: Kind, message: String, requestId: String? = nil, wait: Duration? = nil) {
        self.kind = kind
        self.message = message
        self.requestId = requestId
        self.wait = wait
    }

    /// Whether the same call may work later. Without a wish of Shopify's, the shortest wait: back off from there.
    public var retry: Retry {
        switch kind {
        case .throttled(let after): .after(after)
        case .transient: .after(wait ?? .seconds(1))
        case .frozen: .after(wait ?? .seconds(3600))
        case .unauthorized, .notFound, .accessDenied, .business, .rejected: .never
        }
    }
}

extension ShopAdminError: CustomStringConvertible {
    public var description: String {
        requestId.map { "\(message) (request \($0))" } ?? message
    }
}
