import Kafka
import Model
import Pipeline
import Platforms
import Runtime
import Security
import Testing

@testable import Reaper

@Suite("Reaper's configuration and access to shops")
struct DescriptionTests {
    @Test("it is given the keyring and the shops' address, and no secret it has no use for")
    func parameters() {
        let names = Set(ReaperDescription.description.parameters.map(\.name))
        #expect(names.isSuperset(of: ["OTP_KEYRING", "OTP_SHOPIFY_URL", "OTP_SHOPIFY_API_VERSION", "OTP_HTTP_BIND"]))
        #expect(names.isDisjoint(with: ["OTP_ID_KEY", "OTP_TWILIO_AUTH_TOKEN", "OTP_ADMIN_TOKEN"]))
        let bind = ReaperDescription.description.parameters.first { $0.name == "OTP_HTTP_BIND" }
        #expect(bind?.default == "127.0.0.1:8084")
    }

    @Test("a shop's token is opened from its record; a missing shop is gone only once the table is read")
    func access() throws {
        let keyring = try Keyring(parsing: "k1:" + String(repeating: "A", count: 43) + "=")
        let directory = ShopDirectory(keyring: keyring)
        #expect(directory.access(shopDomain, isCaughtUp: false) == .starting)
        #expect(directory.access(shopDomain, isCaughtUp: true) == .gone)

        let key = DataKey.generate()
        var record = ShopRecord(
            platform: "shopify", version: 1, wrappedKey: Sealed(key.wrapped(by: keyring.current, shop: shopDomain)),
            keyId: "k1", putId: "p", applied: 1)
        directory.take(row(record))
        #expect(directory.access(shopDomain, isCaughtUp: true) == .noToken)

        let token = key.seal(Array("shpat_1".utf8), topic: "shops", key: shopDomain, field: "accessToken")
        var settings = ShopSettings()
        settings.refundOnCancel = false
        record.installation = .init(
            accessToken: Sealed(token), plan: .pro, shopifyPlan: nil, settings: settings, activatedAt: 0)
        directory.take(row(record))
        let expected = ShopRef(domain: shopDomain, accessToken: Secret(text: "shpat_1"))
        #expect(directory.access(shopDomain, isCaughtUp: true) == .open(expected, CancelPolicy(settings)))

        let elsewhere = key.seal(Array("shpat_1".utf8), topic: "shops", key: "b.myshopify.com", field: "accessToken")
        record.installation?.accessToken = Sealed(elsewhere)
        directory.take(row(record))
        #expect(directory.access(shopDomain, isCaughtUp: true) == .noToken)
    }

    private func row(_ record: ShopRecord) -> IncomingRecord {
        Life.row(
            Wire.record(Catalogue.shops, topology, key: shopDomain, type: "shop", value: Wire.encode(record)))
    }
}
