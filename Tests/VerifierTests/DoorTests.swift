import HTTP
import Kafka
import Model
import Pipeline
import Runtime
import Security
import Synchronization
import Testing

@testable import Verifier

/// The door with a scripted switchboard behind it: what it asks is kept, what it is told is written here.
final class ScriptedDoor: Sendable {
    let identity = IdentityKey(Secret(Array(repeating: 7, count: 32)))
    let asked = Mutex<[OutgoingRecord]>([])
    let now = Mutex<Int64>(1_800_000_000_000)
    let answer: Answer?
    let isAcknowledged: Bool
    let looks = ShopLooks()

    init(_ answer: Answer?, isAcknowledged: Bool = true) {
        self.answer = answer
        self.isAcknowledged = isAcknowledged
    }

    let metrics = Metrics()
    let log = Mutex<[String]>([])

    /// Requests that the door refused for this reason.
    func refused(_ reason: DoorMetrics.Refusal) -> Bool {
        !exposition.contains("otp_verifier_refused_total{reason=\"\(reason.rawValue)\"} 0\n")
    }

    var exposition: String { String(decoding: metrics.exposition(), as: UTF8.self) }

    static let secret = Secret(text: "shpss_example_client_secret_0000")

    var token: LinkToken { identity.token(platform: "shopify", shop: "a.myshopify.com", order: "1") }

    func door(publicURL: String = "https://v.example.com") -> (Door, Switchboard) {
        let box = Mutex<Switchboard?>(nil)
        let switchboard = Switchboard(
            topology: Bench.topology, replyPartition: 1, clock: { self.now.withLock { $0 } }
        ) { record, done in
            self.asked.withLock { $0.append(record) }
            done(self.isAcknowledged)
            guard let answer = self.answer, let correlation = Self.correlation(of: record) else { return }
            let row = Wire.record(
                Catalogue.verdicts, Bench.topology, key: correlation, type: "answer", value: Wire.encode(answer))
            box.withLock { $0 }?.take(Bench.arrived(row))
        }
        box.withLock { $0 = switchboard }
        let door = Door(
            identity: identity, keyring: Bench.keyring, switchboard: switchboard, looks: looks,
            limits: DoorLimits(
                proxies: TrustedProxies(["127.0.0.1"]),
                forwarded: ForwardedWatch(
                    metrics, Log(name: "otp-verifier") { line in self.log.withLock { $0.append(line) } },
                    clock: { self.now.withLock { $0 } }),
                clock: { self.now.withLock { $0 } }, attemptBurst: 2),
            ownOrigin: OwnOrigin(publicURL: publicURL), publicPath: PublicPath.of(publicURL),
            proxySecrets: [Self.secret], metrics: DoorMetrics(metrics), clock: { self.now.withLock { $0 } },
            closedBecause: { nil })
        return (door, switchboard)
    }

    static func correlation(of record: OutgoingRecord) -> String? {
        switch try? AttemptMessage(Bench.arrived(record)) {
        case .look(let ask), .resend(let ask): return ask.correlation
        case .guess(let guess): return guess.ask.correlation
        default: return nil
        }
    }

    var questions: [OutgoingRecord] { asked.withLock { $0 } }

    /// The response to a request that the router sends to its route.
    func call(
        _ method: String, _ target: String, body: String = "", headers: HTTPHeaders = [:],
        peer: String = "127.0.0.1", _ door: Door
    ) async -> HTTPResponse {
        var router = Router()
        door.addRoutes(to: &router)
        looks.addRoutes(to: &router, below: door.publicPath)
        return await router.answer(
            HTTPRequest(method: method, target: target, headers: headers, body: Array(body.utf8), peer: peer))
    }
}

@Suite("Verifier's door")
struct DoorTests {
    private static let pending: Answer = {
        var answer = Answer(.seen, about: nil)
        answer.status = .pending
        answer.attemptsLeft = 4
        answer.codeLength = 6
        answer.shop = "a.myshopify.com"
        answer.orderName = "#1001"
        answer.phoneMask = "<b>&\"shop'"
        answer.codeExpiresAt = 1_800_000_090_500
        answer.resendAllowedAt = 1_800_000_030_000
        answer.expiresAt = 1_800_000_900_000
        return answer
    }()

    private static func answer(_ kind: Answer.Kind) -> Answer {
        var answer = pending
        answer.kind = kind
        return answer
    }

    static let statuses: [(Answer.Kind, Int, String?)] = [
        (.seen, 200, nil), (.verified, 200, nil), (.mismatch, 200, nil), (.wrongLength, 400, nil),
        (.codeExpired, 200, nil),
        (.locked, 429, "91"), (.closed, 410, nil), (.unknown, 404, nil), (.resendAsked, 200, nil),
        (.resendTooSoon, 429, "30"), (.resendLimitReached, 429, "900"), (.unavailable, 503, "1"),
    ]

    @Test("every answer has its status and says when to come again", arguments: statuses.indices)
    func status(index: Int) async throws {
        let (kind, status, retryAfter) = Self.statuses[index]
        let scripted = ScriptedDoor(Self.answer(kind))
        let (door, _) = scripted.door()
        let response = await scripted.call(
            "POST", "/api/v1/verifications/\(scripted.token.text)/attempts", body: "{\"code\":\"123456\"}", door)
        #expect(response.status == status)
        #expect(response.headers["Retry-After"] == retryAfter)
        #expect(response.headers["Cache-Control"] == "no-store")
        let isProblem = response.headers["Content-Type"] == "application/problem+json"
        #expect(isProblem == (status != 200))
    }

    @Test("every answer has its case")
    func allKinds() {
        #expect(Set(Self.statuses.map(\.0)) == Set(Answer.Kind.allCases))
    }

    @Test(
        "a forged token is unknown and touches no Kafka",
        arguments: [
            "0190f9c2-0000-8000-8000-000000000001", "x", "0190f9c2-0000-4000-8000-000000000001",
        ])
    func forged(token: String) async {
        let scripted = ScriptedDoor(Self.pending)
        let (door, _) = scripted.door()
        #expect(await scripted.call("GET", "/v/\(token)", door).status == 404)
        #expect(await scripted.call("GET", "/api/v1/verifications/\(token)", door).status == 404)
        #expect(scripted.questions.isEmpty)
    }

    @Test("a code leaves the door as a keyed fingerprint only")
    func fingerprint() async throws {
        let scripted = ScriptedDoor(Self.answer(.mismatch))
        let (door, _) = scripted.door()
        _ = await scripted.call("POST", "/v/\(scripted.token.text)", body: "code=12+34-56", door)
        let record = try #require(scripted.questions.first)
        guard case .guess(let guess) = try AttemptMessage(Bench.arrived(record)) else {
            Issue.record("not a guess")
            return
        }
        let mac = GuessMAC.mac(
            pepper: Bench.keyring.current.pepper, id: scripted.token.verificationId, code: "123456")
        #expect(guess.fingerprints == ["k1": Fingerprint.text(mac)])
        #expect(guess.digits == 6)
        let everything = String(decoding: (record.value ?? []) + (record.key ?? []), as: UTF8.self)
        #expect(!everything.contains("123456") && !everything.contains(scripted.token.text))
    }

    @Test(
        "what is no code is told why and asks nobody",
        arguments: [
            ("", "empty"), ("{}", "empty"), ("{\"code\":\"abc\"}", "notDigits"), ("{\"code\":\"123\"}", "tooShort"),
            ("{\"code\":\"12345678901\"}", "tooLong"), ("{\"code\":12345678901}", "tooLong"),
            ("{\"code\":1e400}", "empty"), ("{\"code\":-123456}", "notDigits"), ("{\"code\":1234.5}", "notDigits"),
            ("{\"code\":null}", "empty"), ("{\"code\":true}", "empty"), ("{\"code\":[1]}", "empty"),
            ("nonsense", "empty"),
            ("{\"code\":\" - \"}", "empty"), ("{\"code\":\"" + String(repeating: "1", count: 200) + "\"}", "tooLong"),
        ])
    func badCode(body: String, title: String) async throws {
        let scripted = ScriptedDoor(Self.pending)
        let (door, _) = scripted.door()
        let path = "/api/v1/verifications/\(scripted.token.text)/attempts"
        let answer = await scripted.call("POST", path, body: body, door)
        #expect(answer.status == 400)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("\"title\":\"\(title)\""))
        #expect(scripted.questions.isEmpty)
        let page = await scripted.call("POST", "/v/\(scripted.token.text)", body: "code=abc", door)
        #expect(page.status == 400)
        // The page is shown whole: it looks, and guesses nothing.
        for question in scripted.questions {
            guard case .look = try AttemptMessage(Bench.arrived(question)) else {
                Issue.record("not a look")
                return
            }
        }
        #expect(String(decoding: page.body, as: UTF8.self).contains("A code has digits only."))
    }

    @Test("without an acknowledgement the door says 503 at once, without a verdict after five seconds")
    func unavailable() async {
        let away = ScriptedDoor(nil, isAcknowledged: false)
        let (door, _) = away.door()
        let response = await away.call("GET", "/v/\(away.token.text)", door)
        #expect(response.status == 503 && response.headers["Retry-After"] != nil)

        let silent = ScriptedDoor(nil)
        let (silentDoor, switchboard) = silent.door()
        async let late = silent.call("GET", "/v/\(silent.token.text)", silentDoor)
        while switchboard.pending == 0 { await Task.yield() }
        silent.now.withLock { $0 += 4_999 }
        switchboard.expire()
        #expect(switchboard.pending == 1)
        silent.now.withLock { $0 += 1 }
        switchboard.expire()
        #expect(await late.status == 503)
    }

    @Test("the page escapes what it shows, loads nothing and is stored nowhere")
    func page() async throws {
        let scripted = ScriptedDoor(Self.pending)
        let (door, _) = scripted.door()
        let response = await scripted.call("GET", "/v/\(scripted.token.text)", door)
        let html = String(decoding: response.body, as: UTF8.self)
        #expect(html.contains("&lt;b&gt;&amp;&quot;shop&#39;"))
        #expect(!html.contains("<b>") && !html.contains("http"))
        #expect(html.contains("autocomplete=\"one-time-code\""))
        let policy = try #require(response.headers["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(response.headers["Referrer-Policy"] == "same-origin")
        #expect(response.body.count < 30_000)
    }

    @Test("one attempt in flight a token, a burst, then one a second")
    func gate() {
        let now = Mutex<Int64>(0)
        let gate = AttemptGate<Int>(burst: 2, capacity: 10, clock: { now.withLock { $0 } })
        #expect(gate.enter(1) == .admitted)
        #expect(gate.enter(1) == .busy)
        #expect(gate.enter(2) == .admitted)
        gate.leave(1)
        #expect(gate.enter(1) == .admitted)
        gate.leave(1)
        #expect(gate.enter(1) == .tooFast(retryAfterSeconds: 1))
        now.withLock { $0 = 1000 }
        #expect(gate.enter(1) == .admitted)
    }
}
