import Foundation
import Platforms
import Security
import Testing

@Suite("Shopify's webhook signature")
struct ShopifyWebhookTests {
    struct File: Decodable {
        let vectors: [Vector]
    }

    struct Vector: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let bodyBase64: String
        let secret: String
        let xShopifyHmacSha256: String
        let validWithOldSecret: String

        var testDescription: String { name }
        var body: [UInt8] { Array(Data(base64Encoded: bodyBase64) ?? Data()) }
    }

    static let vectors = Result { try Vectors.decode(File.self, "shopify/webhook-hmac-vectors.json").vectors }
    static let old = Secret(text: "another_secret")

    @Test("The vectors are all there")
    func count() throws {
        #expect(try Self.vectors.get().count == 5)
    }

    @Test("A vector's signature is made and accepted", arguments: try vectors.get())
    func accepts(vector: Vector) {
        let secret = Secret(text: vector.secret)
        #expect(ShopifyWebhook.sign(body: vector.body, secret: secret) == vector.xShopifyHmacSha256)
        #expect(
            ShopifyWebhook.verify(body: vector.body, signature: vector.xShopifyHmacSha256, secrets: [secret]))
    }

    @Test("While a secret is rotated, any of the list will do", arguments: try vectors.get())
    func rotation(vector: Vector) {
        let secrets = [Self.old, Secret(text: vector.secret)]
        for list in [secrets, secrets.reversed()] {
            #expect(ShopifyWebhook.verify(body: vector.body, signature: vector.xShopifyHmacSha256, secrets: list))
        }
    }

    @Test("A signature by a secret we do not have is refused", arguments: try vectors.get())
    func refusesOther(vector: Vector) {
        let secrets = [Secret(text: vector.secret)]
        #expect(!ShopifyWebhook.verify(body: vector.body, signature: vector.validWithOldSecret, secrets: secrets))
        #expect(!ShopifyWebhook.verify(body: vector.body, signature: vector.xShopifyHmacSha256, secrets: [Self.old]))
    }

    @Test("A changed body, a cut, padded or missing signature and an empty list are refused")
    func refuses() throws {
        let vector = try #require(try Self.vectors.get().first)
        let secrets = [Secret(text: vector.secret)]
        let good = vector.xShopifyHmacSha256
        #expect(!ShopifyWebhook.verify(body: vector.body + [0x20], signature: good, secrets: secrets))
        for bad in [nil, "", String(good.dropLast()), good + "=", good.lowercased(), " \(good)"] {
            #expect(!ShopifyWebhook.verify(body: vector.body, signature: bad, secrets: secrets))
        }
        #expect(!ShopifyWebhook.verify(body: vector.body, signature: good, secrets: []))
    }
}
