import Model
import Security

/// Where the number of a `Subject` is sealed: for the reader of `otp.requests`, whichever topic carries it.
enum PhoneSeal {
    static let topic = "requests"
    static let field = "phone"

    /// The E.164 number; nil when the seal is another's or the content is no number.
    static func open(_ sealed: Sealed, _ id: VerificationID, with key: DataKey) -> String? {
        do throws(CryptoError) {
            let bytes = try key.open(sealed.bytes, topic: topic, key: id.text, field: field)
            guard bytes.first == UInt8(ascii: "+"), (8...16).contains(bytes.count) else { return nil }
            return String(validating: bytes, as: UTF8.self)
        } catch {
            return nil
        }
    }
}
