import Foundation
import HTTP
import Kafka
import Model
import Pipeline
import Testing

@testable import Verifier

@Suite("The shops' looks")
struct ShopLooksTests {
    private static func png(_ size: Int, _ filler: UInt8 = 0) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: filler, count: size - 8)
    }

    private static func logo(_ size: Int, _ filler: UInt8 = 0) -> ShopLogo {
        ShopLogo(type: "image/png", data: Data(png(size, filler)).base64EncodedString())
    }

    /// As Ingest writes it; nil takes the shop away.
    private func row(_ shop: String, _ change: ((inout ShopSettings) -> Void)?) -> IncomingRecord {
        let record = change.map { change in
            var settings = ShopSettings()
            change(&settings)
            return ShopRecord(
                platform: "shopify", version: 1, wrappedKey: Sealed([1]), keyId: "a key nobody has here",
                installation: ShopRecord.Installation(
                    accessToken: Sealed([2]), plan: .pro, shopifyPlan: nil, settings: settings, activatedAt: 0),
                putId: "p", applied: 1)
        }
        return Bench.arrived(
            Wire.record(
                Catalogue.shops, Bench.topology, key: shop, type: "shop", value: record.map { Wire.encode($0) }))
    }

    @Test("a shop's name, colour and logo are read without any key, and go with it")
    func comesAndGoes() async throws {
        let looks = ShopLooks()
        looks.take(
            row("a.myshopify.com") {
                $0.name = "Tea House"
                $0.colour = "#7A1F5C"
                $0.logo = Self.logo(100)
            })
        let look = looks["a.myshopify.com"]
        #expect(look.name(domain: "a.myshopify.com") == "Tea House" && look.accent != nil)
        let hash = try #require(look.logo?.hash)
        #expect(try await get(looks, hash).status == 200)
        looks.take(row("a.myshopify.com", nil))
        #expect(looks["a.myshopify.com"] == .plain && looks.count == 0 && looks.logoBytes == 0)
        #expect(try await get(looks, hash).status == 404)
    }

    @Test("a logo is served with its type, for ever, and can do nothing")
    func serving() async throws {
        let looks = ShopLooks()
        looks.take(row("a.myshopify.com") { $0.logo = Self.logo(10_240) })
        let response = try await get(looks, try #require(looks["a.myshopify.com"].logo?.hash))
        #expect(response.body == Self.png(10_240))
        #expect(response.headers["Content-Type"] == "image/png")
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
        #expect(response.headers["Cache-Control"]?.contains("immutable") == true)
        #expect(response.headers["Content-Security-Policy"]?.contains("sandbox") == true)
        #expect(try await get(looks, "nothing").status == 404)
    }

    private func get(_ looks: ShopLooks, _ hash: String) async throws -> HTTPResponse {
        var router = Router()
        looks.addRoutes(to: &router)
        return await router.answer(HTTPRequest(method: "GET", target: "/v/logo/\(hash)"))
    }

    @Test("the same logo is held once; beyond the limit a shop has its name alone, until there is room")
    func limit() {
        let looks = ShopLooks(mostLogoBytes: 250)
        looks.take(row("a") { $0.logo = Self.logo(100, 1) })
        looks.take(row("b") { $0.logo = Self.logo(100, 1) })
        #expect(looks.logoBytes == 100)
        looks.take(row("c") { $0.logo = Self.logo(100, 2) })
        looks.take(
            row("d") {
                $0.logo = Self.logo(100, 3)
                $0.name = "D"
            })
        #expect(looks.logoBytes == 200 && looks.leftOut == 1)
        #expect(looks["d"].logo == nil && looks["d"].name == "D")
        looks.take(row("a", nil))
        #expect(looks.logoBytes == 200)
        looks.take(row("b") { $0.colour = "#112233" })
        #expect(looks.logoBytes == 100)
        looks.take(row("d") { $0.logo = Self.logo(100, 3) })
        #expect(looks.logoBytes == 200 && looks.leftOut == 0)
    }

    @Test("a shop without anything of its own takes no place; junk has plain looks")
    func plain() {
        let looks = ShopLooks()
        looks.take(row("a.myshopify.com") { _ in })
        #expect(looks.count == 0)
        looks.take(row("a.myshopify.com") { $0.name = "A" })
        looks.take(
            Bench.arrived(
                Wire.record(
                    Catalogue.shops, Bench.topology, key: "a.myshopify.com", type: "shop", value: Array("junk".utf8))))
        #expect(looks["a.myshopify.com"] == .plain)
        #expect(looks["shop.myshopify.com"].name(domain: "shop.myshopify.com") == "shop")
    }
}
