import Base
import HTTP
import Model
import Pipeline
import Platforms
import Security
import Testing

@testable import Verifier

@Suite("Under a shop's app proxy")
struct AppProxyTests {
    private static let answer: Answer = {
        var answer = Answer(.seen, about: nil)
        answer.status = .pending
        return answer
    }()

    /// A query as Shopify signs it.
    private func query(_ scripted: ScriptedDoor, shop: String = "a.myshopify.com", late: Int64 = 0) -> String {
        let seconds = scripted.now.withLock { $0 } / 1000 - late
        let message = "logged_in_customer_id=path_prefix=/apps/otpshop=\(shop)timestamp=\(seconds)"
        let mac = Digest.hmacSHA256(key: ScriptedDoor.secret.bytes, Array(message.utf8))
        let hex = Hex.encode(mac)
        return "shop=\(shop)&logged_in_customer_id=&path_prefix=%2Fapps%2Fotp&timestamp=\(seconds)&signature=\(hex)"
    }

    @Test("a signed request is served, with links under the storefront's path, and asks in the shop's name")
    func served() async throws {
        let scripted = ScriptedDoor(Self.answer)
        let (door, _) = scripted.door()
        let path = "/proxy/v/\(scripted.token.text)"
        let page = await scripted.call("GET", "\(path)?\(query(scripted))", door)
        #expect(page.status == 200)
        #expect(String(decoding: page.body, as: UTF8.self).contains("/apps/otp/v/\(scripted.token.text)\""))
        let elsewhere: HTTPHeaders = ["Origin": "https://shop.example.com", "Sec-Fetch-Site": "cross-site"]
        let posts = [(path, "code=123456"), ("\(path)/resend", "")]
        for (path, body) in posts {
            let answer = await scripted.call(
                "POST", "\(path)?\(query(scripted))", body: body, headers: elsewhere, door)
            #expect(answer.status == 200)
        }
        #expect(scripted.questions.count == 3)
        for question in scripted.questions {
            let shop: String? =
                switch try AttemptMessage(Bench.arrived(question)) {
                case .look(let ask), .resend(let ask): ask.shop
                case .guess(let guess): guess.ask.shop
                default: nil
                }
            #expect(shop == "a.myshopify.com")
        }
    }

    @Test("without a signature, with a wrong, an old or a doubled one, nothing is there")
    func refused() async {
        let scripted = ScriptedDoor(Self.answer)
        let (door, _) = scripted.door()
        let good = query(scripted)
        let bad = [
            "", "shop=a.myshopify.com", good.replacing("a.myshopify", with: "b.myshopify"),
            good + "&shop=a.myshopify.com",
            good + "&signature=00", good + "&x=1", query(scripted, late: 301), query(scripted, late: -301),
            query(scripted, shop: "evil.example"), String(good.dropLast()),
        ]
        for query in bad {
            #expect(await scripted.call("GET", "/proxy/v/\(scripted.token.text)?\(query)", door).status == 404)
        }
        #expect(scripted.questions.isEmpty)
    }

    @Test("strangers' bad signatures slow no shopper of a storefront, whose address they share")
    func sharedAddress() async {
        let scripted = ScriptedDoor(Self.answer)
        let (door, _) = scripted.door()
        let path = "/proxy/v/\(scripted.token.text)"
        for number in 0..<40 {
            #expect(await scripted.call("GET", "\(path)?shop=x", door).status == (number < 30 ? 404 : 429))
        }
        #expect(await scripted.call("GET", "\(path)?\(query(scripted))", door).status == 200)
    }

    @Test("right or wrong, and wherever they differ, codes make the same work and questions of the same size")
    func time() async throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
        for (count, code) in ["123457", "923456", "654321", "123456"].enumerated() {
            bench.take(Bench.guess(code))
            #expect(bench.comparisons == count + 1, "one hash for each, of the same cost")
        }
        let scripted = ScriptedDoor(Self.answer)
        let (door, _) = scripted.door()
        for code in ["123456", "000000", "999999"] {
            scripted.now.withLock { $0 += 10_000 }
            _ = await scripted.call("POST", "/v/\(scripted.token.text)", body: "code=\(code)", door)
        }
        let sizes = try scripted.questions.map { question in
            guard case .guess(let guess) = try AttemptMessage(Bench.arrived(question)) else { return 0 }
            return guess.fingerprints.values.reduce(0) { $0 + $1.utf8.count }
        }
        #expect(sizes == [44, 44, 44])
    }

    @Test("the owner answers unknown to a shop that does not own the token, counts nothing and sends nothing")
    func foreignShop() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
        func ask(_ shop: String) -> AttemptMessage.Ask { .init(correlation: "c", replyPartition: 1, shop: shop) }
        let fingerprints = ["k1": Fingerprint.text(Bench.mac("000000"))]
        let foreign = bench.take(
            .look(ask("b.myshopify.com")), .guess(.init(ask: ask("b.myshopify.com"), fingerprints: fingerprints)),
            .resend(ask("b.myshopify.com")), after: 60)
        #expect(try Bench.answers(foreign) == [.unknown, .unknown, .unknown])
        #expect(foreign.allSatisfy { $0.stage == .reply })
        let own = bench.take(.guess(.init(ask: ask("a.myshopify.com"), fingerprints: fingerprints)))
        #expect(try Bench.answers(own) == [.mismatch])
    }

    @Test("a code of the wrong length is told so and not counted, whatever its fingerprint")
    func wrongLength() throws {
        let bench = Bench()
        bench.take(.opened(Bench.subject), try Bench.challenge(), Bench.sent)
        let right = ["k1": Fingerprint.text(Bench.mac(Bench.code))]
        func guess(_ digits: Int?) -> AttemptMessage {
            .guess(.init(ask: Bench.ask("c"), fingerprints: right, digits: digits))
        }
        let staged = bench.take(guess(5), guess(7))
        #expect(try Bench.answers(staged) == [.wrongLength, .wrongLength])
        #expect(!Bench.topics(staged).contains("records"))
        #expect(try Bench.answers(bench.take(guess(6))) == [.verified])
    }
}
