import Base
import Model
import Platforms
import Security
import Texts

/// Writes the text of a job: code, link, the provider's way back to us. The same job gives the same text as long as the
/// shop's settings are the same, so that a text whose fate is unclear can be found again at the provider; after a
/// change it may be sent once more, with the same code.
struct TextWriter: Sendable {
    let identity: IdentityKey
    /// Without a slash at its end, like `webhookURL`.
    let publicURL: String
    let webhookURL: String

    enum Written: Equatable {
        case text(TextMessage)
        /// The link would lead elsewhere: the id key is not the one the verification was opened with.
        case foreign
        /// The merchant has switched such texts off meanwhile.
        case unwanted
    }

    /// - Parameters:
    ///   - phone: E.164.
    ///   - code: nil for a text without one.
    ///   - endsAt: when the text is of no use any more; the provider need not keep it any longer.
    func write(
        _ id: VerificationID, _ request: SendRequest, to phone: String, code: CodeText?, settings: ShopSettings?,
        endsAt: Int64, now: Int64
    ) -> Written {
        let subject = request.subject
        let token = identity.token(platform: subject.platform, shop: subject.shop, order: subject.order)
        guard token.verificationId == id.uuid else { return .foreign }
        guard let template = TextBook.builtIn.template(request.textKind, settings, locale: subject.locale) else {
            return .unwanted
        }
        let base = settings?.linkURL ?? publicURL
        let filling = TextFilling(
            shop: TextFilling.shopName(settings, domain: subject.shop), order: subject.orderName,
            code: code?.digits ?? "", link: "\(base)/v/\(token.text)", minutes: max(1, subject.codeSeconds / 60),
            originHost: settings?.originBound == true ? TemplateCheck.host(of: base) : nil)
        let seconds = (endsAt - now) / 1000
        return .text(
            TextMessage(
                to: phone, body: filling.text(template, request.textKind, locale: subject.locale),
                statusCallback: callback(id, request),
                validitySeconds: Int(min(max(seconds, 1), 36_000)), reference: "\(id.text)-\(request.number)"))
    }

    /// The provider's module adds the fragment that tells Twilio to repeat a failed callback.
    private func callback(_ id: VerificationID, _ request: SendRequest) -> String {
        let range = PercentCoding.encode(request.subject.range)
        return "\(webhookURL)/webhooks/twilio/status?v=\(id.text)&r=\(range)&n=\(request.number)"
    }
}
