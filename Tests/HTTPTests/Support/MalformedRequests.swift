import Testing

/// Requests that must be refused, and with what: one table for the parser and for real sockets.
struct MalformedRequest: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: String
    let status: Int

    init(_ name: String, _ bytes: String, _ status: Int = 400) {
        self.name = name
        self.bytes = bytes
        self.status = status
    }

    var testDescription: String { name }

    private static func post(_ fields: String, _ body: String = "") -> String {
        "POST /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    private static func get(_ fields: String) -> String {
        "GET /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n"
    }

    private static func chunked(_ body: String) -> String {
        post("Transfer-Encoding: chunked", body)
    }

    static let all = lengths + codings + chunks + fields + lines + sizes

    private static let lengths = [
        MalformedRequest("two different Content-Length", post("Content-Length: 3\r\nContent-Length: 4", "abcd")),
        MalformedRequest("two equal Content-Length", post("Content-Length: 3\r\nContent-Length: 3", "abc")),
        MalformedRequest("CL and TE", post("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        MalformedRequest("TE and CL", post("Transfer-Encoding: chunked\r\nContent-Length: 3", "0\r\n\r\n")),
        MalformedRequest("Content-Length +3", post("Content-Length: +3", "abc")),
        MalformedRequest("Content-Length -1", post("Content-Length: -1", "abc")),
        MalformedRequest("Content-Length list", post("Content-Length: 3, 3", "abc")),
        MalformedRequest("Content-Length empty", post("Content-Length:", "abc")),
        MalformedRequest("Content-Length 0x3", post("Content-Length: 0x3", "abc")),
        MalformedRequest("Content-Length with a space", post("Content-Length: 3 3", "abc")),
        MalformedRequest("Content-Length beyond 64 bits", post("Content-Length: 99999999999999999999", "abc"), 413),
    ]

    private static let codings = [
        MalformedRequest(
            "TE twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        MalformedRequest("TE chunked, chunked", post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n")),
        MalformedRequest("TE chunked, gzip", post("Transfer-Encoding: chunked, gzip", "0\r\n\r\n")),
        MalformedRequest("TE empty", post("Transfer-Encoding:", "0\r\n\r\n")),
        MalformedRequest("TE gzip, chunked", post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"), 501),
        MalformedRequest("TE unknown", post("Transfer-Encoding: strange", "0\r\n\r\n"), 501),
        MalformedRequest("TE identity", post("Transfer-Encoding: identity", "0\r\n\r\n"), 501),
        MalformedRequest("TE xchunked", post("Transfer-Encoding: xchunked", "0\r\n\r\n"), 501),
        MalformedRequest(
            "chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ]

    private static let chunks = [
        MalformedRequest("chunk size 0x3", chunked("0x3\r\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk size +3", chunked("+3\r\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk size -3", chunked("-3\r\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk size empty", chunked("\r\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk size with a space before", chunked(" 3\r\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk size with a space after", chunked("3 \r\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk size overflow", chunked("FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk size just over 63 bits", chunked("8000000000000000\r\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk size too large for the route", chunked("7FFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n"), 413),
        MalformedRequest("chunk size of many zeros", chunked(String(repeating: "0", count: 300) + "\r\n\r\n")),
        MalformedRequest("chunk without CRLF", chunked("3\r\nabc0\r\n\r\n")),
        MalformedRequest("chunk ended by LF", chunked("3\r\nabc\n0\r\n\r\n")),
        MalformedRequest("chunk ended by CR and another", chunked("3\r\nabc\rX0\r\n\r\n")),
        MalformedRequest("chunk line ended by LF", chunked("3\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk longer than said", chunked("3\r\nabcd\r\n0\r\n\r\n")),
        MalformedRequest("bare CR in a chunk extension", chunked("3;a\rb\r\nabc\r\n0\r\n\r\n")),
        MalformedRequest("chunk extension too long", chunked("3;\(String(repeating: "x", count: 300))\r\nabc\r\n")),
        MalformedRequest("trailer without colon", chunked("0\r\nnothing\r\n\r\n")),
        MalformedRequest("trailer too large", chunked("0\r\na: \(String(repeating: "x", count: 20000))\r\n\r\n"), 431),
        MalformedRequest("trailers too many", chunked("0\r\n\(String(repeating: "a: b\r\n", count: 101))\r\n"), 431),
    ]

    private static let fields = [
        MalformedRequest("space before colon", get("Name : value")),
        MalformedRequest("tab before colon", get("Name\t: value")),
        MalformedRequest("empty header name", get(": value")),
        MalformedRequest("no colon", get("Name")),
        MalformedRequest("bad character in a name", get("Na(me: value")),
        MalformedRequest("folded header", get("Name: value\r\n more")),
        MalformedRequest("folded by tab", get("Name: value\r\n\tmore")),
        MalformedRequest("fold before the first field", "GET /echo HTTP/1.1\r\n Host: a\r\n\r\n"),
        MalformedRequest("NUL in a value", get("Name: va\0lue")),
        MalformedRequest("bare CR in a value", get("Name: va\rlue")),
        MalformedRequest("escape in a value", get("Name: va\u{1B}lue")),
        MalformedRequest("NUL in a name", get("Na\0me: value")),
        MalformedRequest("no Host", "GET /echo HTTP/1.1\r\n\r\n"),
        MalformedRequest("two Hosts", get("Host: b")),
        MalformedRequest("two equal Hosts", get("Host: a")),
        MalformedRequest("two Hosts in HTTP/1.0", "GET /echo HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"),
        MalformedRequest("Host list", "GET /echo HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        MalformedRequest("Host with user", "GET /echo HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        MalformedRequest("Host with path", "GET /echo HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    ]

    private static let lines = [
        MalformedRequest("bare LF line ends", "GET /echo HTTP/1.1\nHost: a\n\n"),
        MalformedRequest("bare LF after a field", "GET /echo HTTP/1.1\r\nHost: a\nName: b\r\n\r\n"),
        MalformedRequest("bare LF as the empty line", "GET /echo HTTP/1.1\r\nHost: a\r\n\n"),
        MalformedRequest("two CR before LF", "GET /echo HTTP/1.1\r\r\nHost: a\r\n\r\n"),
        MalformedRequest("bad method character", "G(T /echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("method begins badly", "@ET /echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("TLS to a plain port", "\u{16}\u{03}\u{01}\u{02}"),
        MalformedRequest("two empty lines first", "\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("a space first", " GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("two spaces", "GET  /echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("space in the target", "GET /ec ho HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("tab for space", "GET\t/echo\tHTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("control in the target", "GET /ec\u{01}ho HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("control beyond ASCII in the target", "GET /ec\u{85}ho HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("fragment in the target", "GET /echo#x HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("target without slash", "GET echo HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("star for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("absolute target with user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("no version", "GET /echo\r\nHost: a\r\n\r\n"),
        MalformedRequest("lower-case version", "GET /echo http/1.1\r\nHost: a\r\n\r\n"),
        MalformedRequest("version of three digits", "GET /echo HTTP/1.10\r\nHost: a\r\n\r\n"),
        MalformedRequest("HTTP/9.9", "GET /echo HTTP/9.9\r\nHost: a\r\n\r\n", 505),
        MalformedRequest("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        MalformedRequest("HTTP/0.9", "GET /echo HTTP/0.9\r\nHost: a\r\n\r\n", 505),
    ]

    private static let sizes = [
        MalformedRequest("64 KiB header", get("Name: \(String(repeating: "x", count: 65536))"), 431),
        MalformedRequest(
            "64 KiB header without end", "GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 65536))", 431),
        MalformedRequest("5,000 headers", get(Array(repeating: "A: b", count: 5000).joined(separator: "\r\n")), 431),
        MalformedRequest("101 fields", get(Array(repeating: "A: b", count: 100).joined(separator: "\r\n")), 431),
        MalformedRequest(
            "request line too long", "GET /\(String(repeating: "x", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        MalformedRequest("request line without end", "GET /\(String(repeating: "x", count: 9000))", 414),
        MalformedRequest("bad percent-encoding", "GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        MalformedRequest("half a percent-encoding", "GET /%2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        MalformedRequest("path not UTF-8", "GET /%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        MalformedRequest("NUL in the path", "GET /a%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        MalformedRequest(
            "unknown expectation", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: tea\r\n\r\n", 417),
        MalformedRequest("announced too large", post("Content-Length: 3000000"), 413),
    ]
}
