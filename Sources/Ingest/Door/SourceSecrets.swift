import FoundationEssentials
import Model
import Pipeline
import Platforms
import Security
import Synchronization

/// The secrets that sources sign their webhooks with, opened once: remembered by what they were sealed as, so that a
/// new put counts from its first request on.
final class SourceSecrets: Sendable {
    /// Of nobody: checked where there is no source, so that a signature is computed in any case.
    let decoys = [Secret(randomBytes(32))]
    private let opened = Mutex<[String: (sealed: Sealed, secrets: [Secret])]>([:])

    init(_ directory: ShopDirectory) {
        directory.watch { [weak self] shop, record in
            if record == nil { self?.opened.withLock { $0[shop] = nil } }
        }
    }

    /// Decoys for a shop that has none; nil for what does not open.
    func of(_ shop: String, _ sealed: Sealed?, _ key: DataKey) -> [Secret]? {
        guard let sealed else { return decoys }
        if let known = opened.withLock({ $0[shop] }), known.sealed == sealed { return known.secrets }
        let bytes: [UInt8]
        do throws(CryptoError) {
            bytes = try key.open(sealed.bytes, topic: "shops", key: shop, field: "webhookSecrets")
        } catch {
            return nil
        }
        let secrets = String(decoding: bytes, as: UTF8.self).split(separator: ",")
            .compactMap { StandardWebhooks.secret(String($0)) }
        opened.withLock { $0[shop] = (sealed, secrets) }
        return secrets
    }

    /// How they are kept; ``of(_:_:_:)`` reads it.
    static func seal(_ secrets: [Secret], of shop: String, _ key: DataKey) -> Sealed {
        let text = secrets.map(StandardWebhooks.text).joined(separator: ",")
        return Sealed(key.seal(Array(text.utf8), topic: "shops", key: shop, field: "webhookSecrets"))
    }
}
