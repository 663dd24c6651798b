import Platforms

/// Why an installation did not come about, in words for the merchant; nothing of what was shown stands in them.
enum InstallProblem: Error, Equatable {
    case query(ShopifyQuery.Problem)
    /// Nil: there was none.
    case session(SessionToken.Problem?)
    case otherShop
    case state
    case noCode
    /// Which scopes were wanted and not granted.
    case scopes([String])
    case shop(ShopAdminError.Kind)
    /// This instance does not know the shops yet, or can't open this one's key.
    case starting
    /// The shop's owner did not answer in time.
    case tooSlow

    var status: Int {
        switch self {
        case .query(.signature), .query(.timestamp), .session, .shop(.unauthorized): 401
        case .query(.repeated), .query(.shop), .otherShop, .noCode: 400
        case .state, .scopes, .shop(.accessDenied), .shop(.frozen): 403
        case .shop(.throttled), .shop(.transient), .starting, .tooSlow: 503
        case .shop(.notFound), .shop(.business), .shop(.rejected): 502
        }
    }

    /// For the count of what the routes answered.
    var reason: String {
        switch self {
        case .query(let problem): "query_\(problem.rawValue)"
        case .session: "session_token"
        case .otherShop: "other_shop"
        case .state: "state"
        case .noCode: "no_code"
        case .scopes: "scopes"
        case .shop: "shop"
        case .starting: "starting"
        case .tooSlow: "too_slow"
        }
    }

    var detail: String {
        switch self {
        case .query(.signature), .query(.repeated), .query(.shop):
            "The link is not one that Shopify made. Open the app from your shop's admin."
        case .query(.timestamp): "The link is too old. Open the app from your shop's admin again."
        case .session, .shop(.unauthorized): "Shopify's proof of who you are is missing or too old. Open the app again."
        case .otherShop: "The link and the proof that came with it are of two different shops."
        case .state:
            "This browser did not begin the installation, or began it more than ten minutes ago. Begin again from your "
                + "shop's admin."
        case .noCode: "The installation was not agreed to."
        case .scopes(let missing):
            "The app can't work without the access it asks for. Not granted: \(missing.joined(separator: ", ")). Nothing "
                + "was stored; install it again and agree to all of it."
        case .shop(.frozen), .shop(.accessDenied): "Your shop can't install apps at the moment."
        case .shop(.throttled), .shop(.transient): "Shopify did not answer. Try again in a moment."
        case .shop(.notFound), .shop(.business), .shop(.rejected):
            "Shopify did not accept the app. Its operator has been told."
        case .starting: "The app is starting. Try again in a moment."
        case .tooSlow: "The installation could not be stored in time. Try again in a moment."
        }
    }
}
