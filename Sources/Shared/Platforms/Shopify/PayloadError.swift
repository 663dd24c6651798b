import FoundationEssentials

/// Why a signed payload can't be understood: where in it, never what stands there.
public struct PayloadError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `created_at: missing or no RFC 3339 time`, `not JSON`.
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }

    /// Decodes a payload; whatever goes wrong is told by its place.
    static func decoding<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws(PayloadError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let error as PayloadError {
            throw error
        } catch DecodingError.dataCorrupted {
            throw PayloadError("not JSON")
        } catch DecodingError.keyNotFound(let key, let context) {
            throw PayloadError("\(path(context.codingPath + [key])): missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw PayloadError("\(path(context.codingPath)): of another type")
        } catch {
            throw PayloadError("not understood")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty ? "document" : keys.map(\.stringValue).joined(separator: ".")
    }
}
