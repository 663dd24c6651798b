import Kafka
import Model
import Pipeline

extension IngestLogic {
    /// Every row that a decision changed, as it is now.
    ///
    /// Counts and customers go before the ledger: an entry in the ledger says that its message is done, so in
    /// at-least-once nothing that belongs to the message may come after it. A count that comes twice is known by its
    /// own applied offset.
    func rows() -> [StagedRecord] {
        shops.changed.forEach(fitDataRequests)
        return changed(usage, .effect, Catalogue.usage, type: "usage", text: \.text, shop: \.shop)
            + changed(customers, .effect, Catalogue.customers, type: "customer", text: \.text, shop: \.shop)
            + changed(orders, .state, Catalogue.orders, type: "order", text: \.text, shop: \.shop)
            + changed(shops, .state, Catalogue.shops, type: "shop", text: \.self, shop: \.self)
    }

    /// - Parameters:
    ///   - text: the key as the topic has it.
    ///   - shop: whose partition the row goes to.
    private func changed<Key: Hashable, Row: Encodable & Sendable>(
        _ table: UndoTable<Key, Row>, _ stage: Stage, _ topic: Topic, type: String, text: (Key) -> String,
        shop: (Key) -> String
    ) -> [StagedRecord] {
        table.changed.map { key in
            StagedRecord(
                stage,
                Wire.record(
                    topic, setup.topology, key: text(key), partitionedBy: shop(key), type: type,
                    value: table[key].map(Wire.encode)))
        }
    }
}
