/// A daemon's checked configuration. Reading a parameter that the daemon did not declare, or one without value that is
/// not asked with `has` or `optionalText` first, is a bug and traps. Prints no values.
public struct Configuration: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let values: [String: String]
    private let declared: [String: Parameter]

    init(values: [String: String], parameters: [Parameter]) {
        self.values = values
        declared = Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the daemon understands it at all.
    public func declares(_ name: String) -> Bool {
        declared[name] != nil
    }

    /// Whether it has a value, its own or the default.
    public func has(_ name: String) -> Bool {
        optionalText(name) != nil
    }

    public func text(_ name: String) -> String {
        guard let value = optionalText(name) else { preconditionFailure("\(name) has no value") }
        return value
    }

    public func optionalText(_ name: String) -> String? {
        precondition(declared[name] != nil, "\(name) was not declared")
        return values[name]
    }

    public func integer(_ name: String) -> Int {
        guard let value = Int(text(name)) else { preconditionFailure("\(name) is no integer parameter") }
        return value
    }

    /// False without value.
    public func flag(_ name: String) -> Bool {
        optionalText(name).flatMap(Parameter.truth) ?? false
    }

    /// The entries, trimmed; empty without value.
    public func list(_ name: String) -> [String] {
        optionalText(name).map(Parameter.entries) ?? []
    }

    public func address(_ name: String) -> HostPort {
        guard let value = HostPort(text(name)) else { preconditionFailure("\(name) is no address parameter") }
        return value
    }

    /// Without a slash at its end, so that paths can be appended.
    public func url(_ name: String) -> String {
        var text = text(name)
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }

    /// The 32 bytes of a key parameter, or the UTF-8 of any other secret: wrap it into a masking type at once.
    public func secret(_ name: String) -> [UInt8] {
        let text = text(name)
        guard case .base64Key32 = declared[name]?.kind else { return Array(text.utf8) }
        guard let key = Parameter.key(text) else { preconditionFailure("\(name) was not checked") }
        return key
    }

    /// The UTF-8 of a secret's comma-separated entries, for rotation; empty without value.
    public func secretList(_ name: String) -> [[UInt8]] {
        list(name).map { Array($0.utf8) }
    }

    public var description: String { "configuration of \(declared.count) parameters" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
