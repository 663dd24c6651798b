/// A value kept on the heap: where it is mostly absent, its place costs eight bytes. JSON shows the value alone.
public final class Boxed<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
    public let value: Value

    public init(_ value: Value) {
        self.value = value
    }

    public init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Value.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    public static func == (a: Boxed, b: Boxed) -> Bool { a === b || a.value == b.value }
}
