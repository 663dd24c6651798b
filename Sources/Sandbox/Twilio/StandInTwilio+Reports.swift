import Base
import HTTP
import Platforms

/// Delivery reports: signed form posts to the message's StatusCallback (twilio.com/docs/messaging/guides/
/// outbound-message-status-in-status-callbacks).
extension StandInTwilio {
    /// Starts what follows acceptance: queued, sent, and what becomes of it.
    func report(on sid: String, _ fault: TwilioFault?) {
        var steps: [TwilioMessage.Status] = [.queued, .sent]
        switch fault?.receipt {
        case .undelivered: steps.append(.undelivered)
        case .failed: steps = [.queued, .failed]
        case .wrong: steps += [.undelivered, .delivered]
        case .sentOnly: break
        case .off, nil: steps.append(.delivered)
        }
        let isSilent = fault?.receipt == .off
        errands.run { [steps] in
            for status in steps {
                let isCorrection = status == .delivered && fault?.receipt == .wrong
                let pause = isCorrection ? self.pace.beforeCorrection : self.pace.betweenReports
                guard await Errands.pause(pause) else { return }
                let code = status == .undelivered || status == .failed ? fault?.reportCode : nil
                guard let message = self.advance(sid, to: status, code: code) else { return }
                self.journal.write(
                    "twilio", "text.\(status.rawValue)", phone: message.to, message: sid,
                    "text \(status.rawValue)" + (code.map { ", code \($0)" } ?? ""))
                if !isSilent { await self.post(message) }
            }
        }
    }

    private func post(_ message: TwilioMessage) async {
        guard let callback = message.statusCallback else { return }
        let policy = CallbackPolicy(url: callback)
        let url = CallbackPolicy.withoutFragment(callback)
        let fields = fields(of: message)
        let headers: HTTPHeaders = [
            "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": RandomName.uuid(),
            "X-Twilio-Signature": TwilioSignature.sign(url: url, parameters: fields, token: account.authToken),
        ]
        let request = OutboundRequest(
            method: "POST", url: url, headers: headers, body: Array(FormCoding.encode(fields).utf8),
            deadline: .seconds(15))
        for attempt in 0...policy.retries {
            let status = await answer(to: request)
            let outcome = status.map { "answered \($0)" } ?? "no answer"
            journal.write(
                "twilio", "callback", phone: message.to, message: message.sid,
                "\(message.status.rawValue) report: \(outcome)")
            guard attempt < policy.retries, policy.repeats(after: status),
                await Errands.pause(pace.betweenRetries)
            else { return }
        }
    }

    private func answer(to request: OutboundRequest) async -> Int? {
        do throws(OutboundError) {
            return try await http.send(request).status
        } catch {
            return nil
        }
    }

    private func fields(of message: TwilioMessage) -> [(String, String)] {
        var fields = [
            ("AccountSid", account.sid), ("ApiVersion", "2010-04-01"), ("From", message.from ?? Self.sender),
            ("MessageSid", message.sid), ("SmsSid", message.sid), ("To", message.to),
            ("MessageStatus", message.status.rawValue), ("SmsStatus", message.status.rawValue),
        ]
        if let service = message.messagingServiceSid { fields.append(("MessagingServiceSid", service)) }
        if let code = message.errorCode { fields.append(("ErrorCode", String(code))) }
        if message.status == .delivered {
            fields.append(("RawDlrDoneDate", UTCText.format(message.updatedAt, "%y%m%d%H%M")))
        }
        return fields
    }
}
