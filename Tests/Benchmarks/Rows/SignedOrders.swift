import Foundation
import Security

/// Signed webhooks about orders of many shops, of a given size; so old that the desk behind the door starts nothing.
struct SignedOrders {
    static let shops = (1...24).map { "bench-\($0).myshopify.com" }
    let secret: String

    /// Tells Ingest of the shops, and waits until its door knows them.
    func register(_ ingest: DaemonUnderTest, token: String, settings: String = "{}") throws {
        let connection = try HTTPConnection(port: ingest.port)
        let body = Array(
            #"{"platform":"shopify","accessToken":"shpat_1","plan":"pro","settings":\#(settings)}"#.utf8)
        for shop in Self.shops {
            let answer = try connection.exchange(
                "PUT /admin/shops/\(shop) HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer \(token)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n", body: body)
            guard (200...299).contains(answer.status) else { throw BenchmarkError("a shop: \(answer)") }
        }
        usleep(1_500_000)
    }

    /// As compose/bench.d/wrk.lua reads it: a length in bytes, a line's end, the request.
    func file(kilobytes: Int, in directory: URL) throws -> URL {
        let file = directory.appending(path: "orders-\(kilobytes)")
        guard !FileManager.default.fileExists(atPath: file.path) else { return file }
        var all = Data()
        for number in 1...(kilobytes > 32 ? 120 : 480) {
            let request = request(
                shop: Self.shops[number % Self.shops.count], delivery: "w\(number)",
                body: body(number, bytes: kilobytes * 1024))
            all += Data("\(request.count)\n".utf8) + request
        }
        try all.write(to: file)
        return file
    }

    func request(shop: String, delivery: String, body: [UInt8]) -> [UInt8] {
        let signature = Data(Digest.hmacSHA256(key: Array(secret.utf8), body)).base64EncodedString()
        let head =
            "POST /webhooks/shopify HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            + "X-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: \(shop)\r\n"
            + "X-Shopify-Webhook-Id: \(delivery)\r\nX-Shopify-Hmac-Sha256: \(signature)\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    /// Line items until the size is reached.
    private func body(_ number: Int, bytes: Int) -> [UInt8] {
        var text = ##"{"id":\##(5_000_000 + number),"name":"#\##(number)","created_at":"2020-01-01T00:00:00Z","##
        text += #""line_items":["#
        var item = 0
        while text.utf8.count < bytes - 400 {
            text += item == 0 ? "" : ","
            item += 1
            text +=
                #"{"id":\#(9_000_000 + item),"title":"Thing \#(item)","quantity":1,"price":"19.90","sku":"S-\#(item)","#
                + #""taxable":true,"grams":200,"vendor":"bench","properties":[],"tax_lines":[{"price":"3.18","rate":0.19}]}"#
        }
        text += "],\"note\":\""
        text += String(repeating: "n", count: max(0, bytes - text.utf8.count - 2)) + "\"}"
        return Array(text.utf8)
    }
}
