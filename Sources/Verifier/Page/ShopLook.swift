import Base
import FoundationEssentials
import Model
import Security
import Texts

/// What a shop's page looks like: its name, its accent, its logo; each nil where the shop has not set it.
struct ShopLook: Equatable, Sendable {
    struct Logo: Equatable, Sendable {
        /// One of `ShopLogo.types`.
        let type: String
        let bytes: [UInt8]
        /// 32 hexadecimal digits of the picture's SHA-256: its address, which never shows anything else.
        let hash: String
    }

    var name: String?
    var accent: Accent?
    var logo: Logo?

    static let plain = ShopLook()

    /// The name shoppers know the shop by, of which nothing is a link: the one that its texts have, too.
    func name(domain: String) -> String {
        var settings = ShopSettings()
        settings.name = name
        return TextFilling.shopName(settings, domain: domain)
    }
}

extension ShopLook {
    init(name: String?, colour: String?, logo: ShopLogo?) {
        self.name = name
        accent = colour.flatMap { Colour($0) }.map { Accent($0) }
        self.logo = logo.flatMap { logo in
            guard logo.problem == nil, let bytes = logo.bytes else { return nil }
            let hash = Hex.encode(Digest.sha256(bytes).prefix(16))
            return Logo(type: logo.type, bytes: bytes, hash: hash)
        }
    }
}
