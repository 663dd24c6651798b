import FoundationEssentials

extension Parameter {
    /// What is wrong with `value`, as "must …"; nil when nothing is. Never repeats the value.
    func complaint(about value: String, plainHosts: Set<String>) -> String? {
        switch kind {
        case .text: nil
        case .oneOf(let words): words.contains(value) ? nil : "must be \(words.joined(separator: " or "))"
        case .integer(let range):
            Int(value).map(range.contains) == true
                ? nil : "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .address: HostPort(value) == nil ? "must be host:port" : nil
        case .addresses:
            Self.entries(of: value).allSatisfy { HostPort($0) != nil } ? nil : "must be host:port,host:port"
        case .url: Self.urlComplaint(value, plainHosts)
        case .base64Key32: Self.key(value) == nil ? "must be base64 of 32 bytes" : nil
        case .list: Self.entries(of: value).contains("") ? "must be a list by commas without empty entries" : nil
        case .flag: Self.truth(value) == nil ? "must be 1, true, yes, on or 0, false, no, off" : nil
        case .custom(let check): check(value)
        }
    }

    static func entries(of list: String) -> [String] {
        list.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
    }

    static func key(_ text: String) -> [UInt8]? {
        // Foundation takes surplus padding; the text must be the one encoding of its bytes.
        guard let data = Data(base64Encoded: text), data.count == 32, data.base64EncodedString() == text else {
            return nil
        }
        return [UInt8](data)
    }

    static func truth(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "1", "true", "yes", "on": true
        case "0", "false", "no", "off": false
        default: nil
        }
    }

    private static func urlComplaint(_ value: String, _ plainHosts: Set<String>) -> String? {
        let concrete = value.replacing("{shop}", with: "shop")
        guard let parts = URLComponents(string: concrete), let scheme = parts.scheme?.lowercased(),
            scheme == "https" || scheme == "http", let rawHost = parts.host, !rawHost.isEmpty,
            concrete.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return "must be an http(s) URL" }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            return "must be a URL without user, query and fragment"
        }
        let host = rawHost.lowercased().filter { $0 != "[" && $0 != "]" }
        guard scheme == "https" || HostPort.isLoopback(host) || plainHosts.contains(host) else {
            return "must be https (plain http only to loopback, or to hosts named in OTP_PLAIN_HTTP_HOSTS)"
        }
        return nil
    }
}
