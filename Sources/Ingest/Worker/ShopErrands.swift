import Base
import Kafka
import Model
import Pipeline
import Platforms
import Runtime
import Security

/// A chore done: the calls it takes, and the message that tells the shop's owner what came of them.
///
/// A token that was renewed is in the log, sealed, before anything uses it; the pair before it is kept in the shop's
/// record until the new one has worked. A refusal is reported only when the platform has refused everything we hold.
struct ShopErrands: Sendable {
    /// Pages a run. A shop that has more goes on where it stopped.
    static let pagesAtMost = 20
    /// An empty answer is written down once it spares a later one this much.
    static let emptySpanMs: Int64 = 3_600_000

    let reading: ShopReading
    /// Nil where the app has no client id: tokens that an operator put don't expire.
    let oauth: ShopOAuth?
    let directory: ShopDirectory
    let topology: Topology
    let post: @Sendable (OutgoingRecord) async -> Bool
    var pace = ShopChore.Pace()
    let clock: Clock
    let metrics: KeeperMetrics
    let log: Log

    /// - Returns: whether there is more of it to do.
    func perform(_ shop: String, _ record: ShopRecord, _ chore: ShopChore) async throws(ShopAdminError) -> Bool {
        guard let (current, key) = directory.current(shop), current.version == record.version else { return false }
        let visit = ShopVisit(shop: shop, record: record, key: key, askedAt: clock.now())
        var hasMore = false
        switch chore {
        case .refresh:
            // Only the Admin API's own 401 counts as a refusal.
            if try await !refresh(visit) { try await check(visit, mayRefresh: false) }
        case .check: try await check(visit)
        case .poll: hasMore = try await poll(visit)
        }
        metrics.done(chore)
        return hasMore
    }

    /// For the operator: what went wrong at which shop, without a word of what was said there.
    func report(_ shop: String, _ chore: ShopChore, _ error: ShopAdminError) {
        metrics.failed(chore)
        if case .throttled = error.kind { return }
        // Named once, when the shop's record learns of it.
        if chore == .poll, error.kind == .accessDenied { return }
        log.warning(
            "a shop could not be seen to",
            [("shop", .text(shop)), ("chore", .text(chore.rawValue)), ("error", .text(error.description))])
    }

    // MARK: Tokens

    private func check(_ visit: ShopVisit, mayRefresh: Bool = true) async throws(ShopAdminError) {
        do throws(ShopAdminError) {
            let answer = try await reading.shop(try visit.ref())
            guard isSame(answer, visit) else {
                throw ShopAdminError(.rejected, message: "shop: another shop answers")
            }
            try await tell(visit, .alive(answer.profile, shopifyPlan: answer.plan))
        } catch {
            guard error.kind == .unauthorized else { throw error }
            if mayRefresh, try await refresh(visit) { return }
            try await tell(visit, .refused)
        }
    }

    /// A token of another shop's would answer for it, and be believed ever after. A shop may have two names: its number
    /// decides, and where that is not known yet, only another shop of ours can't be it.
    private func isSame(_ answer: ShopSelf, _ visit: ShopVisit) -> Bool {
        if let known = visit.record.installation?.profile?.id, let said = answer.profile.id { return known == said }
        guard let domain = answer.domain, domain != visit.shop else { return true }
        return directory[domain] == nil
    }

    /// With the pair that stands, else with the one before it, whose successor may have been lost on its way.
    ///
    /// - Returns: false where neither is taken.
    private func refresh(_ visit: ShopVisit) async throws(ShopAdminError) -> Bool {
        guard let oauth else { return false }
        for token in visit.refreshTokens() {
            do throws(ShopAdminError) {
                let grant = try await oauth.refresh(visit.shop, token)
                try await tell(
                    visit, .refreshed(WebhookMessage.Grant(grant, of: visit.shop, visit.key, asked: visit.askedAt)))
                return true
            } catch {
                guard error.kind == .unauthorized else { throw error }
            }
        }
        return false
    }

    // MARK: Orders

    private func poll(_ visit: ShopVisit) async throws(ShopAdminError) -> Bool {
        guard let installation = visit.record.installation else { return false }
        let until = clock.now() - pace.pollBehindMs
        var wanted = ChangedOrders(
            since: ShopChore.pollStart(installation, now: clock.now()), until: until,
            scopes: installation.grant?.scopes)
        let start = wanted.since
        guard wanted.since < until else { return false }
        var (pages, seen) = (0, 0)
        repeat {
            let page: OrderPage
            do throws(ShopAdminError) {
                page = try await reading.orders(try visit.ref(), wanted)
            } catch {
                if error.kind == .accessDenied { try await name(visit, denied: ["orders"]) }
                guard error.kind == .unauthorized else { throw error }
                try await check(visit)
                return false
            }
            pages += 1
            // A page without orders has nothing that could be refused.
            if page.count > 0, seen == 0 { try await name(visit, denied: page.denied) }
            seen += page.count
            wanted.after = page.next
            let upTo = page.next == nil ? until : page.lastChange ?? start
            if page.count > 0 || upTo - start >= Self.emptySpanMs {
                metrics.polled(page.count)
                let message = WebhookMessage.polled(visit.seal(page, upTo: upTo))
                try await put(message, visit.shop)
            }
            // Without progress (a thousand orders changed in one second) it must not stop: it would begin there for
            // ever.
            if pages >= Self.pagesAtMost, upTo > start + 1000 { return wanted.after != nil }
        } while wanted.after != nil
        return false
    }

    /// What the platform refuses of the orders, told where it is news.
    private func name(_ visit: ShopVisit, denied: [String]) async throws(ShopAdminError) {
        guard Set(visit.record.installation?.care?.accessDenied ?? []) != Set(denied) else { return }
        try await tell(visit, .denied(denied))
    }

    private func tell(_ visit: ShopVisit, _ news: WebhookMessage.ShopReport.News) async throws(ShopAdminError) {
        let report = WebhookMessage.ShopReport(
            shopVersion: visit.record.version, grantNumber: visit.record.installation?.grant?.number,
            putId: visit.record.putId, askedAt: visit.askedAt, news: news)
        try await put(.shopReport(report), visit.shop)
    }

    /// What was learned must not be lost: a new pair least of all.
    private func put(_ message: WebhookMessage, _ shop: String) async throws(ShopAdminError) {
        let record = message.record(shop: shop, topology)
        for _ in 0..<20 {
            if await post(record) { return }
            do { try await Task.sleep(for: .milliseconds(250)) } catch { break }
        }
        throw ShopAdminError(.transient, message: "Kafka did not take the report")
    }
}
