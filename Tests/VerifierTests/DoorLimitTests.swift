import HTTP
import Model
import Pipeline
import Security
import Synchronization
import Testing

@testable import Verifier

@Suite("Who may ask, and how often")
struct DoorLimitTests {
    private static func answer(_ kind: Answer.Kind) -> Answer {
        var answer = Answer(kind, about: nil)
        answer.status = .pending
        answer.codeLength = 6
        return answer
    }

    private func from(_ address: String) -> HTTPHeaders { ["X-Forwarded-For": address] }

    static let clients: [([String], String, [String], String?)] = [
        ([], "203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        (["10.0.0.0/8"], "10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        (["10.0.0.0/8"], "11.1.2.3", ["198.51.100.1"], "11.1.2.3"),
        (["10.0.0.0/8"], "10.1.2.3", ["1.1.1.1, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        (["10.0.0.0/8"], "10.1.2.3", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        (["10.0.0.0/8"], "10.1.2.3", [], "10.1.2.3"), (["10.0.0.0/8"], "10.1.2.3", ["10.4.4.4"], "10.4.4.4"),
        (["10.0.0.0/8"], "10.1.2.3", ["junk"], "10.1.2.3"), (["10.0.0.0/8"], "10.1.2.3", ["junk, 1.2.3.4"], "1.2.3.4"),
        (["127.0.0.1"], "127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        (["::1"], "::1", ["2001:db8:1:2:3::4"], "2001:db8:1:2::"),
        (["::1"], "::1", ["[2001:db8:1:2::9]:443"], "2001:db8:1:2::"),
        (["fd00::/8"], "fd12::1", ["198.51.100.1"], "198.51.100.1"), (["0.0.0.0/0"], "9.9.9.9", ["1.2.3.4"], "1.2.3.4"),
        (["10.0.0.0/8"], "::ffff:10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
    ]

    @Test(
        "the client is the last address that no proxy of ours stands for; an IPv6 network counts as one",
        arguments: clients.indices)
    func client(index: Int) {
        let (trusted, peer, forwarded, expected) = Self.clients[index]
        let client = TrustedProxies(trusted).client(peer: peer, forwardedFor: forwarded)
        #expect(client != nil && client == expected.flatMap { ClientAddress($0) }?.counted)
    }

    @Test(
        "thirty failures of an address, then one every two seconds; others feel nothing",
        arguments: ["/v/", "/api/v1/verifications/"])
    func failures(path: String) async {
        let scripted = ScriptedDoor(Self.answer(.seen))
        let (door, _) = scripted.door()
        for _ in 0..<30 {
            #expect(await scripted.call("GET", path + "forged", headers: from("198.51.100.1"), door).status == 404)
        }
        let slowed = await scripted.call("GET", path + "forged", headers: from("198.51.100.1"), door)
        #expect(slowed.status == 429 && slowed.headers["Retry-After"] == "2")
        #expect(scripted.questions.isEmpty)
        #expect(await scripted.call("GET", path + "forged", headers: from("198.51.100.2"), door).status == 404)
        scripted.now.withLock { $0 += 2_000 }
        #expect(await scripted.call("GET", path + "forged", headers: from("198.51.100.1"), door).status == 404)
    }

    @Test("whoever shares an address with a guesser of links feels nothing: a token of ours passes")
    func sharedAddress() async {
        let scripted = ScriptedDoor(Self.answer(.verified))
        let (door, _) = scripted.door()
        let forged = "0190f9c2-0000-8000-8000-000000000001"
        let token = scripted.token.text
        let valid = [
            ("GET", "/v/\(token)", ""), ("GET", "/v/\(token).", ""), ("POST", "/v/\(token)", "code=123456"),
            ("GET", "/api/v1/verifications/\(token)", ""),
            ("POST", "/api/v1/verifications/\(token)/attempts", "{\"code\":\"123456\"}"),
        ]
        for round in 0..<3 {
            for _ in 0..<29 { door.limits.failures.take(ClientAddress("198.51.100.1")!) }
            if round == 0 {
                let last = await scripted.call("GET", "/v/\(forged)", headers: from("198.51.100.1"), door)
                #expect(last.status == 404)
            }
            for (method, path, body) in valid {
                let answer = await scripted.call(method, path, body: body, headers: from("198.51.100.1"), door)
                #expect(answer.status == 200, "\(method) \(path)")
                scripted.now.withLock { $0 += 1_000 }
            }
            #expect(!scripted.refused(.address))
        }
        for _ in 0..<30 { door.limits.failures.take(ClientAddress("198.51.100.1")!) }
        let slowed = await scripted.call("GET", "/v/\(forged)", headers: from("198.51.100.1"), door)
        #expect(slowed.status == 429 && scripted.refused(.address))
    }

    static let passers: [([String], String, [String], String?)] = [
        ([], "203.0.113.7", [], nil), ([], "203.0.113.7", [" ", ""], nil),
        ([], "203.0.113.7", ["198.51.100.1"], "203.0.113.7"), ([], "203.0.113.7", ["junk"], "203.0.113.7"),
        (["10.0.0.0/8"], "11.1.2.3", ["198.51.100.1"], "11.1.2.3"), (["10.0.0.0/8"], "10.1.2.3", [], nil),
        (["10.0.0.0/8"], "10.1.2.3", ["198.51.100.1"], nil),
        (["10.0.0.0/8"], "10.1.2.3", ["1.1.1.1", "198.51.100.1"], nil),
        (["10.0.0.0/8"], "10.1.2.3", ["198.51.100.1, 192.168.0.9"], "192.168.0.9"),
        (["10.0.0.0/8"], "10.1.2.3", ["192.168.0.9"], nil),
        (["10.0.0.0/8", "192.168.0.9"], "10.1.2.3", ["198.51.100.1, 192.168.0.9"], nil),
        (["::1"], "fd12::1", ["198.51.100.1"], "fd12::1"),
    ]

    @Test("who passed a request on without being named is known", arguments: passers.indices)
    func unnamed(index: Int) {
        let (trusted, peer, forwarded, unnamed) = Self.passers[index]
        let origin = TrustedProxies(trusted).origin(peer: peer, forwardedFor: forwarded)
        #expect(origin.unnamed == unnamed.flatMap { ClientAddress($0) })
    }

    @Test("a proxy that is not named is said once an hour, counted each time, and shows no shopper")
    func warning() async {
        let scripted = ScriptedDoor(Self.answer(.seen))
        let (door, _) = scripted.door()
        func call(_ peer: String) async {
            _ = await scripted.call(
                "GET", "/v/\(scripted.token.text)", headers: from("198.51.100.77"), peer: peer, door)
        }
        func counted(_ count: Int) -> Bool {
            scripted.exposition.contains("otp_verifier_forwarded_ignored_total \(count)\n")
        }
        await call("127.0.0.1")
        #expect(counted(0) && scripted.log.withLock { $0 }.isEmpty)
        for peer in ["10.0.0.5", "10.0.0.5", "203.0.113.9"] { await call(peer) }
        #expect(counted(3) && scripted.log.withLock { $0 }.count == 1)
        scripted.now.withLock { $0 += ForwardedWatch.everyMs }
        await call("203.0.113.9")
        let lines = scripted.log.withLock { $0 }
        #expect(counted(4) && lines.count == 2 && lines.allSatisfy { $0.contains("level=warning") })
        #expect(lines[0].contains("OTP_TRUSTED_PROXIES") && lines[0].contains("10.0.0.5"))
        #expect(!lines.joined().contains("198.51.100") && !lines.joined().contains("203.0.113"))
    }

    @Test(
        "an address is shown as it is written",
        arguments: [("10.0.0.5", "10.0.0.5"), ("::ffff:10.0.0.5", "10.0.0.5"), ("fd00::1:2", "fd00:0:0:0:0:0:1:2")])
    func shown(text: String, shown: String) {
        #expect(ClientAddress(text)?.description == shown && ClientAddress(text)?.isPrivate == true)
    }

    @Test("wrong codes count against their address, right ones do not")
    func wrongCodes() async {
        for (kind, isSlowed) in [(Answer.Kind.mismatch, true), (.verified, false)] {
            let scripted = ScriptedDoor(Self.answer(kind))
            let (door, _) = scripted.door()
            for _ in 0..<30 {
                scripted.now.withLock { $0 += 1_000 }
                let answer = await scripted.call(
                    "POST", "/v/\(scripted.token.text)", body: "code=123456", headers: from("198.51.100.1"), door)
                #expect(answer.status == 200)
            }
            for _ in 0..<15 { door.limits.failures.take(ClientAddress("198.51.100.9")!) }
            let client = ClientAddress("198.51.100.1")!
            // Thirty in thirty seconds, of which fifteen have come back.
            for _ in 0..<15 { door.limits.failures.take(client) }
            #expect((door.limits.failures.wait(client) != nil) == isSlowed)
        }
    }

    @Test("looks of one verification are bounded, and so are those of an address; neither asks Kafka then")
    func looks() async {
        let scripted = ScriptedDoor(Self.answer(.seen))
        let (door, _) = scripted.door()
        let path = "/api/v1/verifications/\(scripted.token.text)"
        var statuses: [Int] = []
        for _ in 0..<40 { statuses.append(await scripted.call("GET", path, headers: from("1.2.3.4"), door).status) }
        #expect(statuses.prefix(30).allSatisfy { $0 == 200 } && statuses.dropFirst(30).allSatisfy { $0 == 429 })
        #expect(scripted.questions.count == 30)
        scripted.now.withLock { $0 += 1_000 }
        #expect(await scripted.call("GET", path, door).status == 200)
    }

    static let origins: [(HTTPHeaders, Bool)] = [
        ([:], true), (["Origin": "https://v.example.com"], true), (["Origin": "https://V.example.com:443"], true),
        (["Origin": "https://evil.example"], false), (["Origin": "http://v.example.com"], false),
        (["Origin": "null"], true), (["Origin": "NULL"], true),
        (["Origin": "null", "Sec-Fetch-Site": "cross-site"], false),
        (["Origin": "nullx"], false),
        (["Origin": "https://v.example.com.evil.example"], false),
        (["Origin": "null", "Sec-Fetch-Site": "same-origin"], true), (["Sec-Fetch-Site": "none"], true),
        (["Origin": "https://v.example.com", "Sec-Fetch-Site": "cross-site"], false),
        (["Sec-Fetch-Site": "same-site"], false),
    ]

    @Test("a form of another origin is refused and asks nobody; looking is free", arguments: origins.indices)
    func origin(index: Int) async {
        let (headers, isOwn) = Self.origins[index]
        let scripted = ScriptedDoor(Self.answer(.verified))
        let (door, _) = scripted.door()
        let token = scripted.token.text
        let posts = [("/v/\(token)", "code=123456"), ("/v/\(token)/resend", "")]
        for (path, body) in posts {
            #expect(
                await scripted.call("POST", path, body: body, headers: headers, door).status == (isOwn ? 200 : 403))
        }
        #expect(scripted.questions.count == (isOwn ? 2 : 0))
        #expect(await scripted.call("GET", "/v/\(token)", headers: headers, door).status == 200)
    }

    @Test("without a public address the form's origin is held against the Host it came to")
    func hostOrigin() {
        let own = OwnOrigin(publicURL: nil)
        func sent(_ origin: String) -> Bool {
            own.sent(
                HTTPRequest(
                    method: "POST", target: "/", headers: ["Origin": origin, "Host": "127.0.0.1:8083"], body: []))
        }
        #expect(sent("http://127.0.0.1:8083") && !sent("http://127.0.0.1") && sent("null"))
    }

    @Test("a clock that is set back shuts no bucket")
    func setBack() {
        let now = Mutex<Int64>(10_000_000)
        let gate = RateGate<Int>(burst: 2, perSecond: 0.5, capacity: 3, clock: { now.withLock { $0 } })
        #expect([gate.take(1), gate.take(1), gate.take(1)] == [nil, nil, 2])
        now.withLock { $0 = 6_400_000 }
        #expect(gate.take(1) == 2)
        now.withLock { $0 += 2_000 }
        #expect([gate.wait(1), gate.take(1), gate.take(1)] == [nil, nil, 2])
    }

    @Test("a bucket never holds more than its burst, and forgets no more than it must")
    func rateGate() {
        let now = Mutex<Int64>(0)
        let gate = RateGate<Int>(burst: 2, perSecond: 0.5, capacity: 3, clock: { now.withLock { $0 } })
        #expect(gate.wait(1) == nil)
        #expect([gate.take(1), gate.take(1), gate.take(1)] == [nil, nil, 2])
        #expect(gate.wait(1) == 2)
        now.withLock { $0 = 1_000 }
        #expect(gate.wait(1) == 1)
        now.withLock { $0 = 100_000 }
        #expect([gate.take(1), gate.take(1), gate.take(1)] == [nil, nil, 2])
        for key in 2...5 { gate.take(key) }
        #expect(gate.wait(1) == 2, "pushed out of the newer half, not yet forgotten")
        for key in 6...9 { gate.take(key) }
        #expect(gate.wait(1) == nil)
    }
}
