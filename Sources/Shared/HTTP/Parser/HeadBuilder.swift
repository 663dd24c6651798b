/// Collects a request head line by line and checks what RFC 9112 wants checked, strictly: whatever two servers could
/// read differently (lengths, codings, hosts, line ends) is refused, not repaired.
struct HeadBuilder {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    private(set) var method = ""
    private(set) var target = RequestTarget()
    private(set) var isVersion10 = false
    private(set) var headers = HTTPHeaders()
    private var lengths: [String] = []
    private var codings: [String] = []
    private var hosts = 0
    private var closes = false
    private var keepsAlive = false
    private var expectation = RequestHead.Expectation.none

    var fieldCount: Int { headers.count }

    mutating func requestLine(_ line: Bytes) throws(RequestFailure) {
        guard let first = line.firstIndex(of: 0x20), let last = line.lastIndex(of: 0x20), first < last else {
            throw .bad("The request line is not method, target and version.")
        }
        let name = line[..<first]
        guard !name.isEmpty, name.allSatisfy(Octets.isToken) else { throw .bad("The method has a bad character.") }
        method = String(decoding: name, as: UTF8.self)
        headers.reserveCapacity(8)
        isVersion10 = try HeadBuilder.isVersion10(line[(last + 1)...])
        target = try RequestTarget(Bytes(rebasing: line[(first + 1)..<last]), method: method)
    }

    private static func isVersion10(_ text: Slice<Bytes>) throws(RequestFailure) -> Bool {
        guard text.count == 8, text.starts(with: "HTTP/".utf8) else { throw .bad("The version is not HTTP's.") }
        let (major, dot, minor) = (text[text.endIndex - 3], text[text.endIndex - 2], text[text.endIndex - 1])
        guard dot == UInt8(ascii: "."), (0x30...0x39).contains(major), (0x30...0x39).contains(minor) else {
            throw .bad("The version is not HTTP's.")
        }
        guard major == UInt8(ascii: "1") else {
            throw RequestFailure(status: 505, detail: "This server speaks HTTP/1.1.")
        }
        return minor == UInt8(ascii: "0")
    }

    /// A field line's name and value; the value without the blanks around it.
    static func split(_ line: Bytes) throws(RequestFailure) -> (name: Bytes, value: Bytes) {
        guard !Octets.isBlank(line[0]) else { throw .bad("A header field is folded.") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .bad("A header field has no colon.") }
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy(Octets.isToken) else {
            throw .bad("A header field's name has a bad character.")
        }
        var (from, to) = (colon + 1, line.endIndex)
        while from < to, Octets.isBlank(line[from]) { from += 1 }
        while to > from, Octets.isBlank(line[to - 1]) { to -= 1 }
        let value = Bytes(rebasing: line[from..<to])
        guard value.allSatisfy(Octets.isFieldValue) else {
            throw .bad("A header field's value has a control character.")
        }
        return (Bytes(rebasing: name), value)
    }

    mutating func field(_ line: Bytes) throws(RequestFailure) {
        let (name, value) = try HeadBuilder.split(line)
        let text = String(decoding: value, as: UTF8.self)
        switch name.count {
        case 4 where HeadBuilder.equal(name, "host"):
            hosts += 1
            guard value.allSatisfy(Octets.isHost) else { throw .bad("The host has a bad character.") }
        case 6 where HeadBuilder.equal(name, "expect"):
            expectation = HTTPHeaders.same(text, "100-continue") && expectation != .unknown ? .continues : .unknown
        case 10 where HeadBuilder.equal(name, "connection"):
            for option in HeadBuilder.list(text) {
                closes = closes || option == "close"
                keepsAlive = keepsAlive || option == "keep-alive"
            }
        case 14 where HeadBuilder.equal(name, "content-length"):
            lengths.append(text)
        case 17 where HeadBuilder.equal(name, "transfer-encoding"):
            codings.append(text)
        default:
            break
        }
        headers.append(String(decoding: name, as: UTF8.self), text)
    }

    mutating func finish() throws(RequestFailure) -> RequestHead {
        guard hosts == 1 || (hosts == 0 && isVersion10) else { throw .bad("There must be one Host.") }
        if let authority = target.authority { headers.set("Host", authority) }
        return RequestHead(
            method: method, target: target.text, path: target.path, query: target.query, headers: headers,
            isVersion10: isVersion10, keepAlive: !closes && (!isVersion10 || keepsAlive), framing: try framing(),
            expectation: isVersion10 ? .none : expectation)
    }

    private func framing() throws(RequestFailure) -> RequestHead.Framing {
        guard codings.isEmpty else { return try chunked() }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .bad("The Content-Length is not one number.")
        }
        guard let count = Int(length) else {
            throw RequestFailure(status: 413, detail: "The body is too large.")
        }
        return .length(count)
    }

    private func chunked() throws(RequestFailure) -> RequestHead.Framing {
        guard lengths.isEmpty else { throw .bad("Content-Length and Transfer-Encoding exclude each other.") }
        guard !isVersion10 else { throw .bad("HTTP/1.0 has no transfer codings.") }
        guard codings.count == 1 else { throw .bad("There is more than one Transfer-Encoding.") }
        let names = HeadBuilder.list(codings[0])
        guard names != ["chunked"] else { return .chunked }
        guard !names.isEmpty, !names.dropLast().contains("chunked") else {
            throw .bad("The Transfer-Encoding can't be understood.")
        }
        throw RequestFailure(status: 501, detail: "The only transfer coding here is chunked.")
    }

    /// A comma list's members, lower case, without empty ones.
    private static func list(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: ",")).compactMap { part in
            let member = part.drop(while: Octets.isBlank).map(HTTPHeaders.lowercase)
            let end = member.lastIndex { !Octets.isBlank($0) }
            return end.map { String(decoding: member[...$0], as: UTF8.self) }
        }
    }

    @inline(__always)
    private static func equal(_ name: Bytes, _ lowercase: StaticString) -> Bool {
        guard name.count == lowercase.utf8CodeUnitCount else { return false }
        for index in 0..<name.count where HTTPHeaders.lowercase(name[index]) != lowercase.utf8Start[index] {
            return false
        }
        return true
    }
}
