@testable import Ingest
import Model
import Platforms
import Security
import Synchronization

extension KeeperTests {
    /// A shop's platform, scripted, and the keeper that asks it; what the keeper learns goes to the bench's desk.
    final class Platform: Sendable {
        struct State {
            /// Access tokens that open the shop.
            var working: Set<String> = [Bench.accessToken]
            /// Refresh tokens, and the pair each brings.
            var pairs: [String: String] = [:]
            var trouble: ShopAdminError?
            var pages: [OrderPage] = []
            var asked: [ChangedOrders] = []
            var refreshed: [String] = []
            var visits = 0
            /// What the shop calls itself, and the trouble of asking for orders alone.
            var domain: String?
            var refusal: ShopAdminError?
        }

        let state = Mutex(State())

        var reading: ShopReading {
            ShopReading(
                shop: { shop throws(ShopAdminError) in
                    try self.admit(shop)
                    return ShopSelf(
                        profile: ShopProfile(id: "gid://shopify/Shop/5", name: "Demo", timeZone: "Asia/Kolkata"),
                        plan: "Basic", domain: self.state.withLock { $0.domain })
                },
                orders: { shop, wanted throws(ShopAdminError) in
                    try self.admit(shop)
                    if let refusal = self.state.withLock({ $0.refusal }) { throw refusal }
                    return self.state.withLock { state in
                        state.asked.append(wanted)
                        return state.pages.isEmpty
                            ? OrderPage(count: 0, json: Array("[]".utf8), lastChange: nil, next: nil)
                            : state.pages.removeFirst()
                    }
                })
        }

        var oauth: ShopOAuth {
            var oauth = ShopOAuth.unimplemented
            oauth.refresh = { _, token throws(ShopAdminError) in
                let next = self.state.withLock { state in
                    state.refreshed.append(token.text)
                    return state.pairs[token.text]
                }
                guard let next else { throw ShopAdminError(.unauthorized, message: "refresh: invalid_grant") }
                self.state.withLock { _ = $0.working.insert("access-\(next)") }
                return OAuthGrant(
                    accessToken: Secret(text: "access-\(next)"), scopes: ["write_orders"],
                    refreshToken: Secret(text: "refresh-\(next)"), expiresIn: 3600, refreshExpiresIn: 7_776_000)
            }
            return oauth
        }

        private func admit(_ shop: ShopRef) throws(ShopAdminError) {
            let (trouble, isOpen) = state.withLock { state in
                state.visits += 1
                return (state.trouble, state.working.contains(shop.accessToken.text))
            }
            if let trouble { throw trouble }
            if !isOpen { throw ShopAdminError(.unauthorized, message: "HTTP 401") }
        }
    }
}
