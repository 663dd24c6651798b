import Security
import Testing

@testable import Platforms

@Suite("Queries that Shopify signs")
struct ShopifyQueryTests {
    private struct Vector {
        let query: [(String, String)]
        let message: String
        let hmac: String
        let now: Int64
    }

    private static func vectors() throws -> (secret: Secret, vectors: [Vector]) {
        let file = try Vectors.json("shopify/query-hmac-vectors.json")
        let rows = try #require(file["admin"] as? [[String: Any]])
        let vectors = try rows.map { row in
            let parameters = try #require(row["params"] as? [String: String])
            return Vector(
                query: parameters.map { ($0, $1) }, message: try #require(row["message"] as? String),
                hmac: try #require(row["hmac_hex"] as? String),
                now: try #require(Int64(parameters["timestamp"] ?? "")) * 1000)
        }
        return (Secret(text: try #require(file["secret"] as? String)), vectors)
    }

    private static func problem(
        _ query: [(String, String)], _ secrets: [Secret], _ now: Int64
    ) -> ShopifyQuery.Problem? {
        do throws(ShopifyQuery.Problem) {
            _ = try ShopifyQuery(query, secrets: secrets, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("every vector's message and signature, in whatever order its parameters come")
    func vectors() throws {
        let (secret, vectors) = try Self.vectors()
        #expect(vectors.count == 3)
        for vector in vectors {
            let signed = vector.query + [("hmac", vector.hmac), ("signature", "of old")]
            #expect(ShopifyQuery.message(signed) == vector.message)
            #expect(ShopifyQuery.sign(vector.query, secret: secret) == vector.hmac)
            for query in [signed, signed.sorted { $0.0 > $1.0 }] {
                let read = try ShopifyQuery(query, secrets: [Secret(text: "older"), secret], now: vector.now + 90_000)
                #expect(read.shop == vector.query.first { $0.0 == "shop" }?.1)
                #expect(read["code"] == vector.query.first { $0.0 == "code" }?.1)
            }
        }
    }

    @Test("a changed, added, missing or doubled parameter, another secret or another time is refused")
    func refused() throws {
        let (secret, vectors) = try Self.vectors()
        for vector in vectors {
            let now = vector.now
            let signed = vector.query + [("hmac", vector.hmac)]
            #expect(Self.problem(signed, [secret], now) == nil)
            #expect(Self.problem(signed, [Secret(text: "x")], now) == .signature)
            #expect(Self.problem(signed, [], now) == .signature)
            #expect(Self.problem(vector.query, [secret], now) == .signature)
            #expect(Self.problem(vector.query + [("hmac", vector.hmac.uppercased())], [secret], now) == .signature)
            #expect(Self.problem(vector.query + [("hmac", "")], [secret], now) == .signature)
            #expect(Self.problem(signed + [("a", "b")], [secret], now) == .signature)
            #expect(Self.problem(signed.filter { $0.0 != "shop" }, [secret], now) == .signature)
            #expect(Self.problem(signed, [secret], now + 90_001) == .timestamp)
            #expect(Self.problem(signed, [secret], now - 90_001) == .timestamp)
            for name in ["shop", "timestamp", "hmac", "state"] {
                let double = signed + [(name, signed.first { $0.0 == name }?.1 ?? "x"), (name, "y")]
                #expect(Self.problem(double, [secret], now) == .repeated)
            }
        }
    }

    @Test(
        "a signature does not make a shop of a name that is none, nor a time of what is no number",
        arguments: [
            ("evil.example", "1795000000", ShopifyQuery.Problem.shop), ("", "1795000000", .shop),
            ("a.myshopify.com.evil.example", "1795000000", .shop), ("a.myshopify.com", "", .timestamp),
            ("a.myshopify.com", "99999999999999999999", .timestamp), ("a.myshopify.com", "-1", .timestamp),
            ("a.myshopify.com", "9223372036854775807", .timestamp),
        ])
    func values(shop: String, timestamp: String, problem: ShopifyQuery.Problem) {
        let secret = Secret(text: "s")
        let query = [("shop", shop), ("timestamp", timestamp)]
        let signed = query + [("hmac", ShopifyQuery.sign(query, secret: secret))]
        #expect(Self.problem(signed, [secret], 1_795_000_000_000) == problem)
    }

    @Test("a query prints nothing of itself")
    func masked() throws {
        let secret = Secret(text: "s")
        let query = [("shop", "A.myshopify.com"), ("timestamp", "1795000000"), ("id_token", "sesame")]
        let read = try ShopifyQuery(
            query + [("hmac", ShopifyQuery.sign(query, secret: secret))], secrets: [secret], now: 1_795_000_000_000)
        #expect(read.shop == "a.myshopify.com" && read["id_token"] == "sesame" && read["none"] == nil)
        #expect(!"\(read)\(String(reflecting: read))".contains("sesame"))
    }

    @Test("more parameters than Shopify ever sends are refused before any work, however well signed")
    func many() {
        let secret = Secret(text: "s")
        for (count, problem) in [(45, nil), (51, .signature), (3000, .signature)] as [(Int, ShopifyQuery.Problem?)] {
            let query =
                [("shop", "a.myshopify.com"), ("timestamp", "1795000000")]
                + (3..<count).map { ("p\($0)", "x") }
            let signed = query + [("hmac", ShopifyQuery.sign(query, secret: secret))]
            #expect(signed.count == count && Self.problem(signed, [secret], 1_795_000_000_000) == problem)
        }
    }
}
