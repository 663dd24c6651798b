import HTTP
import Kafka
import Model
import Pipeline
import Platforms
import Security

/// `POST /webhooks/twilio/…`: what Twilio reports about our texts, and what people answer to them.
///
/// The signature covers our public address, so both are checked against the configured one. A delivery report finds its
/// way by what Sender wrote into the callback's query: verification id, number range, number of the text.
struct TwilioDoor: Sendable {
    /// What the callbacks begin with, without a slash at its end.
    let url: String
    let tokens: [Secret]
    let identity: IdentityKey
    let topology: Topology
    let outbox: Outbox
    let metrics: IngestMetrics

    func addRoutes(_ router: inout Router) {
        let options = RouteOptions(maximumBodyBytes: 64 << 10)
        router.on("POST", "/webhooks/twilio/status", options: options) { request, _, answer in
            status(request, answer)
        }
        router.on("POST", "/webhooks/twilio/inbound", options: options) { request, _, answer in
            inbound(request, answer)
        }
    }

    func status(_ request: HTTPRequest, _ answer: Responder) {
        guard let fields = signedFields(request) else { return refuse(.twilioStatus, answer) }
        guard let place = CallbackPlace(request.queryItems()),
            let receipt = TwilioStatusCallback(formFields: fields)?.receipt(number: place.number)
        else {
            metrics.door(.twilioStatus, .ignored)
            return answer.respond(.empty(204))
        }
        let record = RequestMessage.receipt(receipt).record(place.verification, range: place.range, topology)
        outbox.post(record) { isAcknowledged in
            metrics.door(.twilioStatus, isAcknowledged ? .accepted : .unavailable)
            answer.respond(isAcknowledged ? .empty(204) : .unavailable("The report could not be stored."))
        }
    }

    func inbound(_ request: HTTPRequest, _ answer: Responder) {
        guard let fields = signedFields(request) else { return refuse(.twilioInbound, answer) }
        // Read as orders' numbers are, so that both are the same phone: Mexico's still come as +52 1.
        guard let inbound = TwilioInbound(formFields: fields),
            case .success(let number) = PhoneNumber.normalise(inbound.from, country: nil),
            let phone = NumberKey(identity.phoneHash(number.e164))
        else {
            metrics.door(.twilioInbound, .ignored)
            return answer.respond(Self.nothingToSay)
        }
        let message = OptOutMessage(phone: phone, isOut: inbound.wish == .stop)
        outbox.post(message.record(range: identity.rangeHash(number.e164), topology)) { isAcknowledged in
            metrics.door(.twilioInbound, isAcknowledged ? .accepted : .unavailable)
            answer.respond(isAcknowledged ? Self.nothingToSay : .unavailable("The wish could not be stored."))
        }
    }

    /// Twilio itself answers STOP and START.
    private static let nothingToSay = HTTPResponse.bytes(
        Array("<Response></Response>".utf8), type: "text/xml; charset=utf-8")

    /// The form, where Twilio signed it. Anybody may post here, so what can't be Twilio's by its sizes is not even
    /// read.
    private func signedFields(_ request: HTTPRequest) -> [(String, String)]? {
        let signature = request.headers["X-Twilio-Signature"]
        guard TwilioSignature.isWorthReading(signature: signature, body: request.body) else { return nil }
        let fields = request.formFields()
        let isSigned = TwilioSignature.validate(
            url: url + request.target, parameters: fields, signature: signature, tokens: tokens)
        return isSigned ? fields : nil
    }

    private func refuse(_ source: IngestMetrics.Source, _ answer: Responder) {
        metrics.door(source, .unsigned)
        answer.respond(.problem(403, detail: "The signature is missing or wrong."))
    }
}

/// Whose text a callback is about: `?v=ID&r=RANGE&n=NUMBER`.
struct CallbackPlace: Equatable {
    let verification: VerificationID
    let range: String
    let number: Int

    init?(_ query: [(String, String)]) {
        func value(_ name: String) -> String? { query.first { $0.0 == name }?.1 }
        guard let verification = value("v").flatMap({ VerificationID($0) }),
            let range = value("r"), (1...64).contains(range.utf8.count),
            let number = value("n").flatMap({ Int($0) }), (1...1000).contains(number)
        else { return nil }
        self.verification = verification
        self.range = range
        self.number = number
    }
}

extension TwilioStatusCallback {
    /// What Sender is told; nil for the states on the way, which change nothing.
    func receipt(number: Int) -> DeliveryReceipt? {
        func receipt(
            _ outcome: DeliveryReceipt.Outcome, _ reason: String? = nil, _ fault: Verification.Fault? = nil,
            again: Repetition? = nil
        ) -> DeliveryReceipt {
            DeliveryReceipt(
                number: number, messageId: messageId, outcome: outcome, reason: reason, fault: fault, again: again)
        }
        if status.isDelivered { return receipt(.delivered) }
        if status.name == "sent" { return receipt(.sent) }
        let reason = errorCode.map(String.init) ?? status.name
        switch report {
        case .number: return receipt(.failed, reason, .number)
        case .optedOut: return receipt(.failed, SendRefusal.optedOut.rawValue, .ours)
        case .passing(let again): return receipt(.undelivered, reason, again: again)
        case nil: return nil
        }
    }
}
