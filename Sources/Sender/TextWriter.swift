import Model
import Platforms
import Security

/// Writes the text of a job: code, link, the provider's way back to us. The same job gives the same text at any time,
/// so that a text whose fate is unclear can be found again at the provider.
struct TextWriter: Sendable {
    let identity: IdentityKey
    /// Without a slash at its end, like `webhookURL`.
    let publicURL: String
    let webhookURL: String

    /// Nil when the link would lead elsewhere: the id key is not the one the verification was opened with.
    ///
    /// - Parameters:
    ///   - phone: E.164.
    ///   - template: the shop's own; nil is the built-in one.
    ///   - codeEndsAt: when the code's life ends; the provider need not keep the text any longer.
    func write(
        _ id: VerificationID, _ request: SendRequest, to phone: String, code: CodeText, template: String?,
        codeEndsAt: Int64, now: Int64
    ) -> TextMessage? {
        let subject = request.subject
        let token = identity.token(platform: subject.platform, shop: subject.shop, order: subject.order)
        guard token.verificationId == id.uuid else { return nil }
        let builtIn = subject.orderName == nil ? TextTemplate.builtInUnnamed : TextTemplate.builtIn
        let body = (template.map { TextTemplate($0) } ?? builtIn).filled([
            "shop": Self.displayName(subject.shop), "code": code.digits, "order": subject.orderName ?? "",
            "minutes": String(max(1, subject.codeSeconds / 60)), "link": "\(publicURL)/v/\(token.text)",
        ])
        let seconds = (codeEndsAt - now) / 1000
        return TextMessage(
            to: phone, body: body, statusCallback: callback(id, request),
            validitySeconds: Int(min(max(seconds, 1), 36_000)))
    }

    /// The provider's module adds the fragment that tells Twilio to repeat a failed callback.
    private func callback(_ id: VerificationID, _ request: SendRequest) -> String {
        let range = Self.percentEncoded(request.subject.range)
        return "\(webhookURL)/webhooks/twilio/status?v=\(id.text)&r=\(range)&n=\(request.number)"
    }

    static func displayName(_ shop: String) -> String {
        let suffix = ".myshopify.com"
        return shop.hasSuffix(suffix) ? String(shop.dropLast(suffix.count)) : shop
    }

    /// RFC 3986: all but the unreserved characters.
    static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
