import Base

extension JSONTree {
    /// A document that must be JSON.
    package init(document bytes: some Sequence<UInt8>) throws {
        guard let tree = JSONTree(parsing: bytes) else { throw SchemaSet.Problem(description: "it is no JSON") }
        self = tree
    }

    /// A copy with a member set, or removed by nil.
    package func setting(_ name: String, _ value: JSONTree?) -> JSONTree {
        var copy = self
        copy[name] = value
        return copy
    }

    /// The value that a JSON pointer (RFC 6901), its first slash left out or not, leads to.
    package func at(_ pointer: some StringProtocol) -> JSONTree? {
        let isWhole = pointer.isEmpty || pointer.hasPrefix("/")
        return JSONPointer(isWhole ? String(pointer) : "/" + pointer)?.value(in: self)
    }
}
