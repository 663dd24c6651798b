import Kafka
import Model
import Pipeline
import Security

/// Changes of a shop, asked of its owner and waited for: true once this instance's own table shows that it was done, so
/// that what a door answers 2xx is durable and in effect. Asked twice, the owner does it once.
struct ShopChanges: Sendable {
    static let patienceMs: Int64 = 5_000
    /// How often a message is put to Kafka before the door gives up: about once a second for as long as it has
    /// patience.
    private static let attempts = 5

    let topology: Topology
    let directory: ShopDirectory
    let outbox: Outbox
    let watch: ShopWatch

    func deadline() -> Int64 { watch.deadline(after: Self.patienceMs) }

    func isBefore(_ deadline: Int64) -> Bool { watch.deadline(after: 0) < deadline }

    /// The shop's record with its key open, by which what goes to the owner is sealed; a shop that has none gets one
    /// first. Nil when the owner did not answer in time.
    func keyed(
        _ shop: String, platform: String, putId: String, _ deadline: Int64
    ) async -> (ShopRecord, DataKey)? {
        if directory.current(shop) == nil {
            let ask = WebhookMessage.shopKey(WebhookMessage.ShopKeyRequest(platform: platform, putId: putId))
            guard await change(shop, ask, deadline, until: { $0 != nil }) else { return nil }
        }
        return directory.current(shop)
    }

    /// A message that Kafka did not take at once (topics just made, a leader that moves) is put again.
    func change(
        _ shop: String, _ message: WebhookMessage, _ deadline: Int64,
        until isMet: @escaping @Sendable (ShopRecord?) -> Bool
    ) async -> Bool {
        let expectation = watch.expect(shop, deadline: deadline, isMet)
        for _ in 0..<Self.attempts {
            if await outbox.post(message.record(shop: shop, topology)) { return await expectation.outcome() }
            do {
                try await Task.sleep(for: .milliseconds(100))
            } catch {
                break
            }
        }
        watch.drop(expectation)
        return false
    }
}
