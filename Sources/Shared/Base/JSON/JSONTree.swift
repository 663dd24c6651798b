import FoundationEssentials

/// A JSON document (RFC 8259) whose shape is not ours: an operator's template, a provider's answer, a body whose every
/// mistake is to be named. Read and written by the platform's coder, so that no text put into it can become anything
/// but a text. Whole numbers stay exact (Shopify's ids are above 2^53); the order of members is not kept.
public enum JSONTree: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    /// Nil for what is no JSON, or nested too deep for the platform's decoder.
    public init?(parsing bytes: some Sequence<UInt8>) {
        do {
            self = try JSONDecoder().decode(JSONTree.self, from: Data(bytes))
        } catch {
            // Whatever is wrong with it, there is one thing to say: it is not JSON.
            return nil
        }
    }

    /// The document's bytes, compact and members by name: the same tree gives the same bytes.
    public var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            preconditionFailure("a tree of JSON that is no JSON: a number that is none")
        }
    }
}

extension JSONTree: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // The common kinds first: each wrong guess costs more than the rest together.
        if container.decodeNil() {
            self = .null
        } else if let value = Self.attempt({ try container.decode(String.self) }) {
            self = .string(value)
        } else if let value = Self.attempt({ try container.decode(Int64.self) }) {
            self = .integer(value)
        } else if let value = Self.attempt({ try container.decode(Bool.self) }) {
            self = .bool(value)
        } else if let value = Self.attempt({ try container.decode(Double.self) }) {
            self = .number(value)
        } else if let value = Self.attempt({ try container.decode([JSONTree].self) }) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    /// Decoding has no other way to ask for a value's kind than to try; the error says only "not this one".
    private static func attempt<Value>(_ decode: () throws -> Value) -> Value? {
        do { return try decode() } catch { return nil }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
