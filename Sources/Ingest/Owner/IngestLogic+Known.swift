import Kafka
import Model
import Pipeline
import Security

/// Whether a message, or a row, is about the shop as it stands. A shop's version is the offset of the message that made
/// its key: what was sealed for another key can't be used, and what was written before this one is another
/// installation's.
extension IngestLogic {
    /// What was sealed for the shop and is open now.
    struct Opened {
        let known: ShopRecord
        let key: DataKey
        let body: [UInt8]
    }

    /// Opens a message's body; nil where the key it was sealed for is gone.
    ///
    /// - Parameter version: the one the message was sealed for: an earlier message's offset, so that one from the
    ///   future is nobody's.
    func open(
        _ sealed: [UInt8], field: String, version: Int64, _ shop: String, _ record: IncomingRecord
    ) throws(WireProblem) -> Opened? {
        guard version < record.offset else { throw WireProblem("impossible numbers") }
        guard let known = known(shop, version: version) else { return nil }
        let key = try ShopDirectory.unwrap(known, shop: shop, setup.keyring)
        do throws(CryptoError) {
            return Opened(
                known: known, key: key, body: try key.open(sealed, topic: "webhooks", key: shop, field: field))
        } catch {
            throw WireProblem("the seal does not fit")
        }
    }

    /// The shop, where it still has the key of that version.
    private func known(_ shop: String, version: Int64) -> ShopRecord? {
        guard let known = shops[shop], known.version == version else {
            tally.add(setup.metrics.keyGone)
            return nil
        }
        return known
    }

    /// The same for a message that changes the shop itself: nil too where the shop has applied it before.
    func changeable(_ shop: String, version: Int64, _ record: IncomingRecord) -> ShopRecord? {
        guard let known = known(shop, version: version) else { return nil }
        guard known.applied < record.offset else {
            tally.add(setup.metrics.replays)
            return nil
        }
        return known
    }

    /// Whether a row was left by a shop that was removed, or from before it was installed anew: its key is younger than
    /// the row.
    func isOrphan(of shop: String, applied: Int64) -> Bool {
        shops[shop].map { applied < $0.version } ?? true
    }
}
