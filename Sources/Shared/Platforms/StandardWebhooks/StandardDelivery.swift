import HTTP
import Security

/// What the headers of a standard webhook say of it: true once ``isSigned(body:secrets:)`` says so.
public struct StandardDelivery: Sendable, Equatable {
    /// `webhook-id`, the same on every attempt.
    public let id: String
    /// `webhook-timestamp`: when this attempt was signed, seconds since 1970.
    public let timestamp: Int64
    /// `webhook-signature`
    public let signature: String

    /// Each header must be there once; an id has no dot in it, for the signature could then be read in two ways.
    ///
    /// - Parameter now: milliseconds since 1970.
    public init(_ headers: HTTPHeaders, now: Int64) throws(StandardDeliveryProblem) {
        func only(_ name: String) throws(StandardDeliveryProblem) -> String {
            let values = headers.all(name)
            guard values.count == 1, let value = values.first, !value.isEmpty else { throw .incomplete }
            return value
        }
        (id, signature) = (try only("webhook-id"), try only("webhook-signature"))
        let digits = try only("webhook-timestamp")
        guard id.utf8.count <= 255, id.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ".") }),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let timestamp = Int64(digits),
            timestamp <= 4_000_000_000, String(timestamp) == digits
        else { throw .incomplete }
        guard abs(now - timestamp * 1000) <= StandardWebhooks.toleranceMs else { throw .stale }
        self.timestamp = timestamp
    }

    /// Whether one of the secrets signed this id, this time and this body.
    public func isSigned(body: [UInt8], secrets: [Secret]) -> Bool {
        StandardWebhooks.verify(signature, id: id, timestamp: timestamp, body: body, secrets: secrets)
    }
}

/// Why there is nothing to verify, whatever the body and the secrets are.
public enum StandardDeliveryProblem: String, Error, Sendable, Equatable {
    /// A header is missing, repeated or impossible.
    case incomplete
    /// Signed too long ago, or too far ahead.
    case stale
}
