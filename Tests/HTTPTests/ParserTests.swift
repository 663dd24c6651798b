import Testing

@testable import HTTP

/// Feeds the pieces and collects every step, as the server would see it (routes allow 2 MiB).
private func steps(_ pieces: some Sequence<ArraySlice<UInt8>>) -> [RequestParser.Step] {
    var parser = RequestParser(limits: ServerLimits())
    var result: [RequestParser.Step] = []
    for piece in pieces {
        piece.withUnsafeBytes { parser.feed($0) }
        loop: while true {
            let step = parser.next()
            switch step {
            case .more: break loop
            case .head: parser.maximumBody = 2 << 20
            case .body: break
            case .failed: return result + [step]
            }
            result.append(step)
        }
    }
    return result
}

private func whole(_ text: String) -> [RequestParser.Step] { steps([Array(text.utf8)[...]]) }

private func byBytes(_ text: String) -> [RequestParser.Step] {
    let bytes = Array(text.utf8)
    return steps(bytes.indices.map { bytes[$0...$0] })
}

private func heads(_ steps: [RequestParser.Step]) -> [RequestHead] {
    steps.compactMap { if case .head(let head) = $0 { head } else { nil } }
}

private func bodies(_ steps: [RequestParser.Step]) -> [String] {
    steps.compactMap { if case .body(let body) = $0 { String(decoding: body, as: UTF8.self) } else { nil } }
}

private let session = """
    GET /a?x=1&y=2 HTTP/1.1\r\nHost: example.org:8080\r\nAccept: */*\r\n\r\n\
    POST /b HTTP/1.1\r\nhost: a\r\nContent-Length: 5\r\n\r\nhello\
    \r\nPUT /c HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: Chunked\r\n\r\n\
    3\r\nabc\r\nA;name=\"value\"\r\n0123456789\r\n00 ;x\r\nTrailer: dropped\r\n\r\n\
    OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n\
    GET HTTP://other/d HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Blank: \t  \r\nX-Text:  a b\tc é  \r\n\r\n\
    GET /e HTTP/1.0\r\n\r\nDELETE /f HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n
    """

@Suite("Request parser")
struct ParserTests {
    @Test("letters that should have been encoded are let through in a target, broken ones and controls are not")
    func rawTarget() throws {
        let target = "/v/abc\u{201D}\u{2026}?q=\u{E9}"
        let head = try #require(heads(whole("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")).first)
        #expect(head.target == target)
        for bad in [[0xC3], [0x80], [0xC2, 0x85], [0xED, 0xA0, 0x80]] as [[UInt8]] {
            let bytes = Array("GET /v/abc".utf8) + bad + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            let failed = steps([bytes[...]])
            guard case .failed = failed.first else {
                Issue.record("taken: \(bad)")
                continue
            }
        }
    }

    @Test("A session of good requests is read as it is")
    func good() throws {
        let result = whole(session)
        let heads = heads(result)
        #expect(heads.map(\.method) == ["GET", "POST", "PUT", "OPTIONS", "GET", "GET", "DELETE"])
        #expect(heads.map(\.path) == ["/a", "/b", "/c", "*", "/d", "/e", "/f"])
        #expect(bodies(result) == ["", "hello", "abc0123456789", "", "", "", ""])
        #expect(heads[0].query == "x=1&y=2")
        #expect(heads[0].target == "/a?x=1&y=2")
        #expect(heads[0].headers["HOST"] == "example.org:8080")
        #expect(heads[4].headers.all("host") == ["other"])
        #expect(heads[4].headers["x-empty"] == "")
        #expect(heads[4].headers["x-blank"] == "")
        #expect(heads[4].headers["x-text"] == "a b\tc é")
        #expect(heads.map(\.keepAlive) == [true, true, true, true, true, false, true])
    }

    @Test("Byte by byte gives the same as whole")
    func byteByByte() {
        #expect(byBytes(session) == whole(session))
    }

    @Test("Any split gives the same as whole, also for malformed input")
    func anySplit() {
        var random = SplitMix(state: 20_261_120)
        let texts = [session] + MalformedRequest.all.map(\.bytes) + MalformedRequest.all.map { session + $0.bytes }
        for text in texts where text.utf8.count < 10_000 {
            let bytes = Array(text.utf8)
            let expected = steps([bytes[...]])
            for _ in 0..<20 {
                var cuts = [0, bytes.count]
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    cuts.append(Int.random(in: 0...bytes.count, using: &random))
                }
                cuts.sort()
                #expect(steps(zip(cuts, cuts.dropFirst()).map { bytes[$0..<$1] }) == expected)
            }
        }
    }

    @Test("A byte changed anywhere never makes two splits disagree")
    func mutations() {
        var random = SplitMix(state: 7)
        let bytes = Array(session.utf8)
        for _ in 0..<600 {
            var changed = bytes
            changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            #expect(steps(changed.indices.map { changed[$0...$0] }) == steps([changed[...]]))
        }
    }

    @Test("Malformed input fails the same way whole and byte by byte", arguments: MalformedRequest.all)
    func malformed(_ malformed: MalformedRequest) {
        let result = whole(malformed.bytes)
        #expect(byBytes(malformed.bytes) == result)
        // Paths, expectations and announced lengths are the server's to judge, the rest fails here.
        if case .failed(let failure) = result.last {
            #expect(failure.status == malformed.status)
        } else {
            #expect(heads(result).first.map { $0.path.contains("%") || $0.hasBody } == true)
        }
    }

    @Test("Limits are exact: 16 KiB and 100 fields pass, one more does not")
    func exactLimits() {
        func header(_ bytes: Int) -> String {
            let frame = "GET / HTTP/1.1\r\nHost: a\r\nA: \r\n\r\n"
            return "GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "x", count: bytes - frame.utf8.count))\r\n\r\n"
        }
        func fields(_ count: Int) -> String {
            "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "A: b\r\n", count: count - 1))\r\n"
        }
        func failure(_ text: String) -> Int? {
            if case .failed(let failure) = whole(text).last { failure.status } else { nil }
        }
        #expect(failure(header(16384)) == nil)
        #expect(failure(header(16385)) == 431)
        #expect(failure(fields(100)) == nil)
        #expect(failure(fields(101)) == 431)
    }

    @Test("Expectations: 100-continue, anything else, and nothing of it in HTTP/1.0")
    func expectations() {
        func expectation(_ version: String, _ fields: String) -> RequestHead.Expectation? {
            heads(whole("POST / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n\r\n")).first?.expectation
        }
        #expect(expectation("1.1", "Expect: 100-Continue") == .continues)
        #expect(expectation("1.1", "Expect: 200-ok") == .unknown)
        #expect(expectation("1.1", "Expect: 200-ok\r\nExpect: 100-continue") == .unknown)
        #expect(expectation("1.0", "Expect: 100-continue") == RequestHead.Expectation.none)
    }

    @Test("A chunked body is counted as it comes")
    func chunkedLimit() {
        var parser = RequestParser(limits: ServerLimits())
        let text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n"
        Array(text.utf8).withUnsafeBytes { parser.feed($0) }
        _ = parser.next()
        parser.maximumBody = 5
        #expect(parser.next() == .failed(RequestFailure(status: 413, detail: "The body is too large.")))
    }

    @Test("Chunk extensions are bounded in sum too")
    func extensionsInSum() {
        let chunk = "1;\(String(repeating: "x", count: 200))\r\na\r\n"
        let text =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + String(repeating: chunk, count: 100)
        #expect(whole(text).last == .failed(.bad("The chunk lines are too long.")))
    }
}

/// A small seeded generator (Steele, Lea, Flood 2014), so that a failing split can be had again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
