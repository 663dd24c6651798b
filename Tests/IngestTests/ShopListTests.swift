import Foundation
import HTTP
import Kafka
import Model
import Pipeline
import Testing

@testable import Ingest

@Suite("Listing shops")
struct ShopListTests {
    private func list(_ bench: Bench, _ query: String, token: String? = Bench.adminToken) async -> HTTPResponse {
        var router = Router()
        bench.admin.addRoutes(&router)
        let headers = HTTPHeaders(token.map { [("Authorization", "Bearer \($0)")] } ?? [])
        return await router.answer(HTTPRequest(method: "GET", target: "/admin/shops\(query)", headers: headers))
    }

    private func names(_ answer: HTTPResponse) throws -> ([String], String?) {
        #expect(answer.status == 200)
        let json = try answer.json()
        let shops = try #require(json["shops"] as? [[String: Any]])
        return (shops.compactMap { $0["shop"] as? String }, json["next"] as? String)
    }

    @Test("every installed shop once, by its name, a page at a time")
    func pages() async throws {
        let bench = try Bench()
        #expect(try names(await list(bench, "")) == ([], nil))
        var all: [String] = []
        for number in 0..<7 {
            all.append("s\(number).example.com")
            #expect(try await bench.putSource("s\(number).example.com").status == 200)
        }
        bench.feed(
            WebhookMessage.shopKey(.init(platform: "orders", putId: "p")).record(
                shop: "s3a.example.com", bench.topology))
        var (seen, after, pages): ([String], String?, Int) = ([], nil, 0)
        repeat {
            let (names, next) = try names(await list(bench, "?limit=3" + (after.map { "&after=\($0)" } ?? "")))
            #expect(names.count <= 3)
            seen += names
            after = next
            pages += 1
        } while after != nil
        #expect(seen == all && pages == 3)
        #expect(try names(await list(bench, "?limit=7")) == (all, nil))
        #expect(try names(await list(bench, "?after=s4.example")) == (Array(all[4...]), nil))
        #expect(try names(await list(bench, "?after=zzz")) == ([], nil))
    }

    @Test("what an entry shows: no secret, no settings but two")
    func entry() async throws {
        let bench = try Bench()
        let body =
            #"{"platform": "shopify", "accessToken": "\#(Bench.accessToken)", "settings": {"active": false, "name": "N"}}"#
        #expect(await bench.admin.put(bench.admin("PUT", body), Bench.shop).status == 200)
        _ = try await bench.putSource()
        let answer = await list(bench, "")
        #expect(!answer.text.contains(Bench.accessToken) && answer.headers["Cache-Control"] == "no-store")
        #expect(
            try answer.json() as NSDictionary == [
                "next": NSNull(),
                "shops": [
                    [
                        "shop": Bench.shop, "platform": "shopify", "active": false, "plan": "starter", "name": "N",
                        "since": "2026-11-20T10:02:45Z",
                    ],
                    [
                        "shop": Bench.source, "platform": "orders", "active": true, "plan": "starter",
                        "name": NSNull(), "since": "2026-11-20T10:02:45Z",
                    ],
                ],
            ])
    }

    @Test("a query that makes no sense is 400 and says why; without the token it is 401, too early 503")
    func refused() async throws {
        let bench = try Bench()
        for query in ["?limit=0", "?limit=1001", "?limit=x", "?limit=", "?page=2"] {
            let answer = await list(bench, query)
            #expect(answer.status == 400)
            #expect(try answer.json()["errors"] as? [String] != nil)
        }
        #expect(await list(bench, "", token: nil).status == 401)
        #expect(await list(bench, "", token: "wrong").status == 401)
        bench.isCaughtUp = false
        #expect(await list(bench, "").status == 503)
    }
}
