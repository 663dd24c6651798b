import FoundationEssentials
import Model
import Pipeline
import Platforms
import Runtime
import Security

/// From what a merchant shows to a shop that is installed: asks Shopify for the token, compares what was granted with
/// what is wanted, seals it under the shop's key and waits until the table shows it. Less than was wanted is not
/// stored.
struct Installer: Sendable {
    /// What is shown for a token.
    enum Proof: Sendable {
        case sessionToken(Secret)
        case code(Secret)
    }

    let oauth: ShopOAuth
    let wanted: [String]
    let changes: ShopChanges
    let isCaughtUp: @Sendable () -> Bool
    let now: @Sendable () -> Int64
    let log: Log
    let turns = Turns()

    /// The scopes the shop has granted, if its token is ours, covers what is wanted, and nothing says that it is dead.
    func standingScopes(_ shop: String) -> [String]? {
        guard let installation = changes.directory[shop]?.installation, let grant = installation.grant,
            ShopifyScopes.covers(granted: grant.scopes, wanted: wanted),
            installation.care?.refusedSince == nil, installation.care?.uninstallToldAt == nil,
            grant.refreshExpiresAt.map({ $0 > now() }) ?? true
        else { return nil }
        return grant.scopes
    }

    /// Whether this instance can say anything of the shop at all.
    func check(_ shop: String) throws(InstallProblem) {
        guard isCaughtUp(), !changes.directory.isUnreadable(shop) else { throw .starting }
    }

    /// The scopes granted; asks Shopify only where the shop's own token won't do.
    func ensure(_ shop: String, sessionToken: Secret) async throws(InstallProblem) -> [String] {
        try check(shop)
        if let scopes = standingScopes(shop) { return scopes }
        return try await turns.run(shop) { () async -> Result<[String], InstallProblem> in
            // Somebody else's turn may have brought it.
            if let scopes = standingScopes(shop) { return .success(scopes) }
            return await install(shop, .sessionToken(sessionToken))
        }.get()
    }

    /// A code is always redeemed: a merchant who has just agreed may have agreed to more.
    func install(_ shop: String, code: Secret) async throws(InstallProblem) -> [String] {
        try check(shop)
        return try await turns.run(shop) { await install(shop, .code(code)) }.get()
    }

    private func install(_ shop: String, _ proof: Proof) async -> Result<[String], InstallProblem> {
        let asked = now()
        let granted: OAuthGrant
        do throws(ShopAdminError) {
            switch proof {
            case .sessionToken(let token): granted = try await oauth.exchange(shop, token)
            case .code(let code): granted = try await oauth.redeem(shop, code)
            }
        } catch {
            log.warning(
                "Shopify gave no token for an installation",
                [("shop", .text(shop)), ("error", .text(error.description))])
            return .failure(.shop(error.kind))
        }
        let missing = ShopifyScopes.missing(granted: granted.scopes, wanted: wanted)
        guard missing.isEmpty else {
            log.warning(
                "a shop granted less than was asked for: not installed",
                [("shop", .text(shop)), ("missing", .text(missing.joined(separator: ",")))])
            return .failure(.scopes(missing))
        }
        guard await store(shop, granted, asked: asked) else { return .failure(.tooSlow) }
        log.info("a shop installed the app", [("shop", .text(shop)), ("way", .text(proof.way))])
        return .success(granted.scopes)
    }

    private func store(_ shop: String, _ granted: OAuthGrant, asked: Int64) async -> Bool {
        let deadline = changes.deadline()
        let putId = UUID().uuidString.lowercased()
        guard let (record, key) = await changes.keyed(shop, platform: ShopName.shopify, putId: putId, deadline) else {
            return false
        }
        let grant = WebhookMessage.Grant(granted, of: shop, key, asked: asked)
        let install = WebhookMessage.ShopInstall(putId: putId, shopVersion: record.version, grant: grant)
        return await changes.change(shop, .shopInstall(install), deadline) { record in
            record?.putId == putId && record?.installation != nil
        }
    }
}

extension Installer.Proof {
    var way: String {
        switch self {
        case .sessionToken: "token_exchange"
        case .code: "code_grant"
        }
    }
}
