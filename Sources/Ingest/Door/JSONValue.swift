#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Any JSON document, for bodies whose every mistake is to be named, not only the first one.
enum JSONValue: Decodable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// Nil for what is not JSON.
    static func parse(_ bytes: [UInt8]) -> JSONValue? {
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch {
            // Whatever is wrong with it, the sender is told one thing: it is not JSON.
            return nil
        }
    }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        func read<Value: Decodable>(_ type: Value.Type) -> Value? {
            do { return try value.decode(type) } catch { return nil }
        }
        if value.decodeNil() {
            self = .null
        } else if let bool = read(Bool.self) {
            self = .bool(bool)
        } else if let integer = read(Int.self) {
            self = .integer(integer)
        } else if let number = read(Double.self) {
            self = .number(number)
        } else if let text = read(String.self) {
            self = .text(text)
        } else if let list = read([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }
}
