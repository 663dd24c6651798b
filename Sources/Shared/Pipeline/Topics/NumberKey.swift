import Base
import FoundationEssentials

/// The key of a row of `otp.numbers`: the keyed hash of a phone or of a range, 16 bytes as 22 characters base64url.
public struct NumberKey: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Nil for what is no such hash.
    public init?(_ text: String) {
        guard text.utf8.count == 22,
            let data = Data(
                base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + "=="),
            data.count == 16
        else { return nil }
        let bytes = [UInt8](data)
        (high, low) = bytes.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    init(_ place: ByteStore.Key) {
        (high, low) = (place.high, place.low)
    }

    var place: ByteStore.Key { ByteStore.Key(high: high, low: low) }

    public var text: String {
        Base64URL.encode(withUnsafeBytes(of: (high, low)) { [UInt8]($0) })
    }
}
