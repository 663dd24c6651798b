import Kafka
import Model
import Security
import Synchronization
import Testing

@testable import Pipeline

@Suite("The table of shops")
struct ShopDirectoryTests {
    static let keyring: Keyring = {
        do {
            return try Keyring(parsing: "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        } catch {
            preconditionFailure("the key ring of the tests is wrong")
        }
    }()

    private func row(_ shop: String, version: Int64, key: DataKey = .generate(), keyId: String = "k1") -> IncomingRecord
    {
        let record = ShopRecord(
            platform: "shopify", version: version,
            wrappedKey: Sealed(key.wrapped(by: Self.keyring.current, shop: shop)), keyId: keyId, putId: "p", applied: 1)
        return WireTests.arrived(
            Wire.record(
                Catalogue.shops, WireTests.topology, key: shop, type: "shop", value: Wire.encode(record)))
    }

    private func tombstone(_ shop: String) -> IncomingRecord {
        WireTests.arrived(Wire.record(Catalogue.shops, WireTests.topology, key: shop, type: "shop", value: nil))
    }

    @Test("a reader is told whether the key is there, not there yet, or gone")
    func lookups() {
        let directory = ShopDirectory(keyring: Self.keyring)
        func state(_ version: Int64) -> String {
            switch directory.key(for: "a", version: version) {
            case .found: "found"
            case .behind: "behind"
            case .gone: "gone"
            }
        }
        #expect(state(5) == "behind")
        directory.take(row("a", version: 5))
        #expect([state(4), state(5), state(6)] == ["gone", "found", "behind"])
        directory.take(tombstone("a"))
        #expect([state(5), state(6)] == ["gone", "behind"])
    }

    @Test("logos are kept only where they are of use")
    func logos() {
        var settings = ShopSettings()
        settings.logo = ShopLogo(type: "image/png", data: "iVBORw0KGgo=")
        let record = ShopRecord(
            platform: "shopify", version: 1,
            wrappedKey: Sealed(DataKey.generate().wrapped(by: Self.keyring.current, shop: "a")),
            keyId: "k1",
            installation: ShopRecord.Installation(
                accessToken: Sealed([1]), plan: .pro, shopifyPlan: nil, settings: settings, activatedAt: 0),
            putId: "p", applied: 1)
        let row = WireTests.arrived(
            Wire.record(Catalogue.shops, WireTests.topology, key: "a", type: "shop", value: Wire.encode(record)))
        for keepsLogos in [true, false] {
            let directory = ShopDirectory(keyring: Self.keyring, keepsLogos: keepsLogos)
            directory.take(row)
            #expect((directory["a"]?.installation?.settings.logo != nil) == keepsLogos)
        }
    }

    @Test("what was sealed under the shop's key opens with the table's")
    func opens() throws {
        let directory = ShopDirectory(keyring: Self.keyring)
        let key = DataKey.generate()
        directory.take(row("a", version: 1, key: key))
        let sealed = key.seal([1, 2, 3], topic: "shops", key: "a", field: "x")
        let found = try #require(directory.current("a")).1
        #expect(try found.open(sealed, topic: "shops", key: "a", field: "x") == [1, 2, 3])
        #expect(throws: CryptoError.self) { try found.open(sealed, topic: "shops", key: "b", field: "x") }
    }

    @Test("rows that can't be read are counted, beats are nothing, watchers hear of changes")
    func oddRows() {
        let directory = ShopDirectory(keyring: Self.keyring)
        let heard = Mutex<[String]>([])
        directory.watch { shop, record in heard.withLock { $0.append("\(shop) \(record == nil ? "gone" : "here")") } }
        directory.take(row("a", version: 1, keyId: "unknown"))
        directory.take(WireTests.arrived(Wire.beat(Catalogue.shops, WireTests.topology, partition: 1)))
        #expect(directory.count == 0 && directory.unreadable == 1)
        #expect(directory.isUnreadable("a") && !directory.isUnreadable("b"))
        directory.take(row("a", version: 1))
        #expect(!directory.isUnreadable("a"))
        directory.take(tombstone("a"))
        #expect(heard.withLock { $0 } == ["a here", "a gone"])
    }
}
