import Base
import HTTP
import KafkaMock
import Pipeline
import Runtime
import Synchronization

/// What the sandbox is without the services that run it: the two stand-ins, what happened, the addresses all of it is
/// reached at, and the broker whose faults it can be asked for.
final class SandboxWorld: Sendable {
    /// Where it can be reached, once that is known: the first line the program prints.
    struct Addresses: Sendable, Codable, Equatable {
        var http: String
        var kafka: String
    }

    let settings: SandboxSettings
    /// Only to be told to misbehave; nil in a world without.
    let cluster: MockCluster?
    let twilio: StandInTwilio
    let shopify: StandInShopify
    let journal: Journal
    let feed = MessageFeed()
    let timelines: TimelineBook
    let http: HTTPClient
    private let errands = Errands()
    private let reachedAt = Mutex<Addresses?>(nil)

    init(
        _ settings: SandboxSettings, cluster: MockCluster? = nil, http: HTTPClient,
        now: @escaping @Sendable () -> Int64 = Clock.system.now
    ) {
        self.settings = settings
        self.cluster = cluster
        self.http = http
        journal = Journal(now: now)
        timelines = TimelineBook(settings.topology)
        let webhooks = WebhookSender(
            ingestURL: settings.daemons.ingest, clientSecret: settings.shopifyClientSecret, http: http,
            journal: journal, now: now)
        twilio = StandInTwilio(
            account: settings.twilio, pace: settings.twilioPace, http: http, errands: errands, journal: journal,
            now: now)
        shopify = StandInShopify(
            pace: settings.shopifyPace, clientId: settings.shopifyClientId, webhooks: webhooks, errands: errands,
            journal: journal, now: now)
    }

    var addresses: Addresses? { reachedAt.withLock { $0 } }

    func announce(_ addresses: Addresses) { reachedAt.withLock { $0 = addresses } }

    func addRoutes(to router: inout Router) {
        twilio.addRoutes(to: &router, prefix: "/twilio")
        shopify.addRoutes(to: &router, prefix: "/shopify")
        shopify.addOAuthRoutes(to: &router, prefix: "/shopify")
        SandboxAPI(world: self).addRoutes(to: &router)
    }

    /// Ends callbacks and webhooks that are still under way.
    func stop() {
        errands.stop()
    }

    /// Everything known about one order, in the order it happened: what the shop and Twilio did, what went by on
    /// topics.
    func timeline(of order: StandInOrder) -> [TimelineEvent] {
        let (events, texts) = timelines.events(of: order.gid)
        let own = journal.entries { entry in
            if let message = entry.message { return texts.contains(message) }
            let isAboutNumber = entry.source == "twilio" && entry.phone != nil && entry.phone == order.e164
            return entry.order == order.gid || isAboutNumber && entry.at >= order.createdAt
        }
        let ours = own.map { TimelineEvent(at: $0.at, source: $0.source, kind: $0.kind, text: $0.text) }
        // Stable: events of the same millisecond keep the order they came in.
        return (ours + events).enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }
}
