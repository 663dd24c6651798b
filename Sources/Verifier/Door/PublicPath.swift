/// The path of `OTP_PUBLIC_URL`, below which the shopper's pages are seen from outside: `/otp`, or nothing.
///
/// The door serves its routes at the root and below it, for proxies that strip the path and for those that don't; the
/// page's own links always begin with it.
enum PublicPath {
    /// - Parameter url: checked, without a slash at its end.
    static func of(_ url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? ""
    }

    /// What routes are served below.
    static func bases(_ publicPath: String) -> [String] { publicPath.isEmpty ? [""] : ["", publicPath] }

    /// What is wrong with the path, as "must …"; nil when nothing is. Its segments are matched as they stand, so
    /// nothing in them may be written in two ways.
    static func complaint(about url: String) -> String? {
        let segments = of(url).split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let isPlain = segments.allSatisfy { segment in
            segment.contains { $0 != "." } && segment.utf8.allSatisfy(isUnreserved)
        }
        return isPlain ? nil : "must have a path of letters, digits, - . _ ~ and single slashes, or none"
    }

    /// RFC 3986 §2.3
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}
