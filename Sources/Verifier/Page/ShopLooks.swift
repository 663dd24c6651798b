import HTTP
import Kafka
import Model
import Pipeline
import Synchronization

/// The looks of every shop that has set any, from `otp.shops`, and the door of their logos. Safe to use from any
/// thread.
///
/// It reads no key and opens nothing that is sealed. About 200 bytes a shop and its logo (10 KB at most); all logos
/// together stay under a limit, beyond which a shop is shown by its name alone until there is room again.
final class ShopLooks: Sendable {
    private struct State {
        var looks: [String: ShopLook] = [:]
        var logos: [String: Shared] = [:]
        var logoBytes = 0
        var leftOut: Set<String> = []
    }

    /// A logo, once for all shops that have the same.
    private struct Shared {
        let logo: ShopLook.Logo
        var shops: Int
    }

    /// Of a row of `otp.shops` only what is looked at.
    private struct Row: Decodable, Plausible {
        /// No numbers are read.
        var isPlausible: Bool { true }

        struct Installation: Decodable {
            let settings: Settings
        }

        struct Settings: Decodable {
            let name: String?
            let colour: String?
            let logo: ShopLogo?
        }

        let installation: Installation?
    }

    static let mostLogoBytes = 64 << 20

    private let state = Mutex(State())
    private let mostLogoBytes: Int

    init(mostLogoBytes: Int = ShopLooks.mostLogoBytes) {
        self.mostLogoBytes = mostLogoBytes
    }

    subscript(shop: String) -> ShopLook { state.withLock { $0.looks[shop] } ?? .plain }

    /// Takes a row of `otp.shops`, in log order for each shop. One that can't be read takes the shop's look away.
    func take(_ row: IncomingRecord) {
        guard !Wire.isBeat(row), let key = row.key else { return }
        set(String(decoding: key, as: UTF8.self), Self.look(row))
    }

    private static func look(_ row: IncomingRecord) -> ShopLook? {
        guard row.value != nil else { return nil }
        do throws(WireProblem) {
            guard let settings = try Wire.decode(Row.self, from: row).installation?.settings else { return nil }
            return ShopLook(name: settings.name, colour: settings.colour, logo: settings.logo)
        } catch {
            // Whose work the table is has counted it already; the page has plain looks for such a shop.
            return nil
        }
    }

    private func set(_ shop: String, _ look: ShopLook?) {
        state.withLock { state in
            if let old = state.looks.removeValue(forKey: shop)?.logo { Self.release(old, &state) }
            state.leftOut.remove(shop)
            guard var look, look != .plain else { return }
            if let logo = look.logo {
                if let shared = state.logos[logo.hash] {
                    state.logos[logo.hash]?.shops += 1
                    look.logo = shared.logo
                } else if state.logoBytes + logo.bytes.count <= mostLogoBytes {
                    state.logos[logo.hash] = Shared(logo: logo, shops: 1)
                    state.logoBytes += logo.bytes.count
                } else {
                    look.logo = nil
                    state.leftOut.insert(shop)
                }
            }
            state.looks[shop] = look
        }
    }

    private static func release(_ logo: ShopLook.Logo, _ state: inout State) {
        state.logos[logo.hash]?.shops -= 1
        guard state.logos[logo.hash]?.shops == 0 else { return }
        state.logos[logo.hash] = nil
        state.logoBytes -= logo.bytes.count
    }

    func logo(_ hash: String) -> ShopLook.Logo? { state.withLock { $0.logos[hash]?.logo } }

    var count: Int { state.withLock { $0.looks.count } }
    var logoBytes: Int { state.withLock(\.logoBytes) }
    /// Shops whose logo had no room.
    var leftOut: Int { state.withLock(\.leftOut.count) }
}

extension ShopLooks {
    /// `/v/logo/{hash}`: anybody may see a logo; its address says nothing of a verification and never shows another.
    ///
    /// Under a shop's app proxy too, where the page's own addresses are the storefront's; at the root and below our
    /// public path, as the page is.
    func addRoutes(to router: inout Router, below publicPath: String = "") {
        let paths = PublicPath.bases(publicPath).flatMap { base in
            ["/v/logo/:hash", "/proxy/v/logo/:hash"].map { base + $0 }
        }
        for path in paths {
            router.on("GET", path, options: RouteOptions(maximumBodyBytes: 0)) { [self] _, parameters, responder in
                responder.respond(parameters["hash"].flatMap { logo($0) }.map(Self.response) ?? .problem(404))
            }
        }
    }

    private static func response(_ logo: ShopLook.Logo) -> HTTPResponse {
        HTTPResponse.bytes(logo.bytes, type: logo.type)
            .with("Cache-Control", "public, max-age=31536000, immutable")
            .with("Content-Security-Policy", "default-src 'none'; sandbox")
            .with("X-Content-Type-Options", "nosniff").with("Referrer-Policy", "no-referrer")
    }
}
