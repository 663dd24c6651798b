/// The three request targets a server that is no proxy gets (RFC 9112 §3.2): a path, an absolute http(s) URL (whose
/// authority overrides Host), and `*` for OPTIONS. Everything else is a 400; letters that should have been
/// percent-encoded (raw UTF-8) are let through, since people's programs send what was pasted behind a link.
struct RequestTarget {
    private(set) var text = ""
    private(set) var path = ""
    private(set) var query: String?
    private(set) var authority: String?

    init() {}

    init(_ bytes: UnsafeBufferPointer<UInt8>, method: String) throws(RequestFailure) {
        guard !bytes.isEmpty, bytes.allSatisfy(Octets.isTarget) else {
            throw .bad("The request target has a bad character.")
        }
        guard let text = Self.text(bytes) else {
            throw .bad("The request target has a bad character.")
        }
        self.text = text
        if bytes[0] == UInt8(ascii: "/") {
            divide(bytes[...])
        } else if let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) {
            try absolute(bytes[scheme.utf8.count...])
        } else if text == "*" && method == "OPTIONS" {
            path = text
        } else {
            throw .bad("The request target is not a path.")
        }
    }

    /// Nil for what is not UTF-8 or holds a control character beyond ASCII.
    private static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return text.unicodeScalars.contains { (0x80...0x9F).contains($0.value) } ? nil : text
    }

    private mutating func absolute(_ rest: Slice<UnsafeBufferPointer<UInt8>>) throws(RequestFailure) {
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        let host = rest[..<end]
        guard !host.isEmpty, host.allSatisfy(Octets.isHost) else {
            throw .bad("The request target's host has a bad character.")
        }
        authority = String(decoding: host, as: UTF8.self)
        divide(rest[end...])
        if path.isEmpty { path = "/" }
    }

    private mutating func divide(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else {
            path = bytes.count == text.utf8.count ? text : String(decoding: bytes, as: UTF8.self)
            return
        }
        path = String(decoding: bytes[..<mark], as: UTF8.self)
        query = String(decoding: bytes[(mark + 1)...], as: UTF8.self)
    }
}
