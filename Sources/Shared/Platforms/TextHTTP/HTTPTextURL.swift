import FoundationEssentials

/// Where an HTTP provider is asked: https, no user, no fragment, a host of the internet. With `allowPrivate` any host,
/// and to this machine also http: texts cross no network in the clear.
struct HTTPTextURL: Equatable, Sendable {
    struct Problem: Error, Equatable {
        let reason: String
    }

    let text: String
    /// Without brackets.
    let host: String

    init(_ text: String, allowPrivate: Bool) throws(Problem) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            throw Problem(reason: "must be printable ASCII")
        }
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), let authority = Self.authority(text)
        else { throw Problem(reason: "is no absolute URL") }
        guard scheme == "https" || scheme == "http" else { throw Problem(reason: "must be https") }
        guard !authority.contains("@") else { throw Problem(reason: "must not name a user") }
        guard !text.contains("#") else { throw Problem(reason: "must not have a fragment") }
        let host = Self.host(authority)
        // Two readers that disagree about the host would check one and call the other.
        guard let host, let read = url.host, read.filter({ !"[]".contains($0) }) == host else {
            throw Problem(reason: "has no valid host")
        }
        guard scheme == "https" || (allowPrivate && Self.isLoopback(host)) else {
            throw Problem(reason: "must be https")
        }
        guard allowPrivate || !Self.isPrivate(host) else { throw Problem(reason: "names a host that is not public") }
        self.text = text
        self.host = host
    }

    private static func authority(_ text: String) -> Substring? {
        guard let start = text.firstRange(of: "://")?.upperBound else { return nil }
        let authority = text[start...].prefix { !"/?#".contains($0) }
        return authority.isEmpty ? nil : authority
    }

    private static func host(_ authority: Substring) -> String? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]"), isPort(authority[authority.index(after: end)...])
            else { return nil }
            let host = String(authority[authority.index(after: authority.startIndex)..<end])
            return host.contains(":") && IPAddress(host) != nil ? host : nil
        }
        let host = authority.prefix { $0 != ":" }
        guard isPort(authority[host.endIndex...]), !host.isEmpty, host.utf8.count <= 253,
            host.utf8.allSatisfy({ isNameByte($0) }), !host.hasPrefix("."), !host.contains("..")
        else { return nil }
        // A last label of digits is an IPv4 address in whatever spelling (WHATWG URL, "ends in a number"): the usual
        // one.
        let last = host.split(separator: ".").last ?? ""
        let isNumber = last.utf8.allSatisfy { (0x30...0x39).contains($0) } || last.lowercased().hasPrefix("0x")
        return isNumber && IPAddress(String(host)) == nil ? nil : String(host)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.hasPrefix(":") && UInt16(text.dropFirst()).map { $0 > 0 } == true)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        if let address = IPAddress(host) { return address.isLoopback }
        return host.lowercased() == "localhost"
    }

    private static func isPrivate(_ host: String) -> Bool {
        if let address = IPAddress(host) { return !address.isPublic }
        let name = host.lowercased().split(separator: ".").last
        return name == "localhost"
    }
}
