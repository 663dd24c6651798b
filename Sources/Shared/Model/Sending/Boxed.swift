/// A large value that seldom changes, kept on the heap and shared by copies of whatever holds it. JSON and member
/// access show the value itself.
@dynamicMemberLookup
public final class Boxed<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
    public let value: Value

    public init(_ value: Value) {
        self.value = value
    }

    public subscript<Member>(dynamicMember member: KeyPath<Value, Member>) -> Member { value[keyPath: member] }

    public init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Value.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    public static func == (a: Boxed, b: Boxed) -> Bool { a === b || a.value == b.value }
}
