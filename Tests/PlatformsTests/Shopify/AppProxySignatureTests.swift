import Security
import Testing

@testable import Platforms

@Suite("Signatures of app proxies")
struct AppProxySignatureTests {
    private struct Vector {
        let query: [(String, String)]
        let message: String
        let signature: String
        let seconds: Int64
    }

    private static func vectors() throws -> (secret: Secret, vectors: [Vector]) {
        let file = try Vectors.json("shopify/query-hmac-vectors.json")
        let rows = try #require(file["app_proxy"] as? [[String: Any]])
        let vectors = try rows.map { row in
            let parameters = try #require(row["params"] as? [String: Any])
            let query = parameters.flatMap { name, value in
                (value as? [String] ?? [value as? String ?? ""]).map { (name, $0) }
            }
            return Vector(
                query: query, message: try #require(row["message"] as? String),
                signature: try #require(row["signature_hex"] as? String),
                seconds: try #require(Int64(parameters["timestamp"] as? String ?? "")))
        }
        return (Secret(text: try #require(file["secret"] as? String)), vectors)
    }

    @Test("every vector's message and signature, in whatever order its parameters come")
    func vectors() throws {
        let (secret, vectors) = try Self.vectors()
        #expect(vectors.count == 2)
        for vector in vectors {
            #expect(AppProxyRequest.message(vector.query) == vector.message)
            for query in [vector.query, vector.query.sorted { $0.0 > $1.0 }] {
                let request = AppProxyRequest(
                    query: query + [("signature", vector.signature)], secrets: [Secret(text: "older"), secret],
                    now: vector.seconds * 1000 + 299_000)
                #expect(request?.shop == "otp-guard-demo.myshopify.com" && request?.pathPrefix == "/apps/otp")
            }
        }
    }

    @Test("another secret, a changed, missing or doubled parameter, or another time is refused")
    func refused() throws {
        let (secret, vectors) = try Self.vectors()
        let vector = try #require(vectors.first)
        let now = vector.seconds * 1000
        let signed = vector.query + [("signature", vector.signature)]
        func isTaken(_ query: [(String, String)], _ secrets: [Secret], _ now: Int64) -> Bool {
            AppProxyRequest(query: query, secrets: secrets, now: now) != nil
        }
        #expect(isTaken(signed, [secret], now))
        #expect(!isTaken(signed, [Secret(text: "x")], now) && !isTaken(signed, [], now))
        #expect(!isTaken(vector.query, [secret], now))
        #expect(!isTaken(signed + [("a", "b")], [secret], now))
        #expect(!isTaken(signed.filter { $0.0 != "logged_in_customer_id" }, [secret], now))
        #expect(!isTaken(signed, [secret], now + 301_000) && !isTaken(signed, [secret], now - 301_000))
        for name in ["shop", "timestamp", "signature"] {
            let again = signed.first { $0.0 == name }
            #expect(!isTaken(signed + [again].compactMap { $0 }, [secret], now))
        }
    }

    @Test("more parameters than a storefront's link has are refused, however well signed")
    func many() {
        let secret = Secret(text: "s")
        for (count, isTaken) in [(50, true), (51, false), (3000, false)] {
            let query =
                [("shop", "a.myshopify.com"), ("timestamp", "1795000000"), ("path_prefix", "/apps/otp")]
                + (4..<count).map { ("p\($0)", "x") }
            let hex = Digest.hmacSHA256(key: secret.bytes, Array(AppProxyRequest.message(query).utf8))
                .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let signed = query + [("signature", hex)]
            #expect(signed.count == count)
            #expect((AppProxyRequest(query: signed, secrets: [secret], now: 1_795_000_000_000) != nil) == isTaken)
        }
    }
}
