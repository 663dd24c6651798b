/// One environment variable a daemon understands: name, default, what it may hold, and a sentence for `--help`.
/// A secret may come from the file named by NAME_FILE instead, and its value is never shown.
public struct Parameter: Sendable {
    public enum Kind: Sendable {
        case text
        case oneOf([String])
        case integer(ClosedRange<Int>)
        /// `host:port`
        case address
        /// `host:port,host:port`, at least one
        case addresses
        /// https, or http to a loopback host or one of `OTP_PLAIN_HTTP_HOSTS`; no user, query or fragment. May hold
        /// `{shop}` as (part of) the host.
        case url
        /// base64 of exactly 32 bytes
        case base64Key32
        /// separated by commas, no empty entry
        case list
        /// 1, true, yes, on or 0, false, no, off
        case flag
        /// Answers what is wrong with the value (without repeating it), or nil.
        case custom(@Sendable (String) -> String?)
    }

    public let name: String
    public private(set) var `default`: String?
    public let kind: Kind
    public let help: String
    public let secret: Bool
    public private(set) var required: Bool

    public init(
        _ name: String, default: String? = nil, kind: Kind = .text, help: String, secret: Bool = false,
        required: Bool = false
    ) {
        self.name = name
        self.default = `default`
        self.kind = kind
        self.help = help
        self.secret = secret
        self.required = required
    }

    /// The same for a daemon that can do without it.
    public var optional: Parameter {
        var copy = self
        copy.required = false
        return copy
    }

    /// The same with another default.
    public func defaulting(to value: String) -> Parameter {
        var copy = self
        copy.default = value
        copy.required = false
        return copy
    }
}
