import CrashPoints
import Model
import Pipeline
import Platforms
import Runtime
import Security

/// One attempt to send one text: opens the number, writes the text, looks whether it was sent before where that is
/// unclear, asks the provider. Whatever happens becomes a result for the job's owner; trouble of our own never becomes
/// the number's fault.
struct TextAttempt: Sendable {
    /// How long after an unclear attempt a text the provider does not list may still come to be listed: longer than the
    /// provider's deadline, in which the request itself can be held up.
    static let absentAfterMs: Int64 = 15_000
    /// How long its delivery report is waited for where the provider can't say whether it has the text.
    static let unknownAfterMs: Int64 = 30_000

    let shops: ShopDirectory
    let keyring: Keyring
    let writer: TextWriter
    var provider: TextProvider
    let clock: Clock
    let metrics: SenderMetrics
    let gate: ProviderGate
    let ownTrouble: RateLimitedWarning
    /// Where texts to the operator's test numbers go instead.
    var testTexts: TestTexts?

    enum End: Equatable {
        case result(SendAttempt)
        /// Surely not sent, for no reason of its own: to be begun again then, as the same attempt.
        case held(until: Int64)
        /// The same, and then it has its place in the provider's schedule.
        case placed(at: Int64)
        /// It may not start any more.
        case dropped
    }

    /// A result's `startedAt` is when the provider was asked.
    func perform(_ errand: Errand) async -> End {
        let startedAt = clock.now()
        guard errand.ticket.mayStart else { return .dropped }
        // Before the costly part: of many that wait each comes by here again.
        let destination = ProviderGate.destination(masked: errand.request.subject.phoneMask)
        switch gate.ask(destination, isPlaced: errand.isPlaced) {
        case .granted: break
        case .wait(let until): return .held(until: until)
        case .placed(let at): return .placed(at: at)
        }
        let message: TextMessage
        switch prepare(errand, now: startedAt) {
        case .text(let text): message = text
        case .not(let result):
            gate.unasked(destination)
            return attempt(errand, startedAt, result)
        case .held(let until):
            gate.unasked(destination)
            return .held(until: until)
        }
        if let testTexts, testTexts.phones.contains(errand.request.subject.phoneHash) {
            gate.unasked(destination)
            testTexts.add(message, at: startedAt)
            return attempt(errand, startedAt, .accepted(messageId: TestTexts.messageId))
        }
        metrics.inFlight.add(1)
        defer { metrics.inFlight.add(-1) }
        if errand.job.isUncertain {
            if let known = await look(for: message, errand, startedAt) {
                gate.unasked(destination)
                return known
            }
            guard errand.ticket.mayStart else {
                gate.unasked(destination)
                return .dropped
            }
        }
        let askedAt = clock.now()
        CrashPoint.senderIntended.reached()
        let result = await provider.send(message)
        CrashPoint.senderPosted.reached()
        metrics.attemptSeconds.observe(Double(clock.now() - askedAt) / 1000)
        if gate.note(result, destination) { return .held(until: clock.now() + ProviderGate.repairMs) }
        return attempt(errand, askedAt, Self.judge(result))
    }

    /// What the provider knows of a text that may have left; nil when the same text may be sent again.
    private func look(for message: TextMessage, _ errand: Errand, _ startedAt: Int64) async -> End? {
        metrics.lookups.add()
        let quietMs: Int64
        switch await provider.find(message.to, errand.job.uncertainSince ?? startedAt, message.body) {
        case .found(let messageId, _): return attempt(errand, startedAt, .accepted(messageId: messageId))
        case .absent: quietMs = Self.absentAfterMs
        case .unknown: quietMs = Self.unknownAfterMs
        }
        // Nothing is known of an attempt before a restart but that it is over.
        guard let askedAt = errand.job.askedAt, clock.now() - askedAt < quietMs else { return nil }
        return attempt(errand, askedAt, .ambiguous(reason: "not to be found yet"))
    }

    private enum Preparation {
        case text(TextMessage)
        case not(SendAttempt.Result)
        case held(until: Int64)
    }

    private func prepare(_ errand: Errand, now: Int64) -> Preparation {
        let (id, request) = (errand.id, errand.request)
        // The owner fails a retry after the last time, and challenges anew before it repeats a code that has died.
        guard now <= request.sendBy else { return .not(.retry(afterMs: nil, reason: "late")) }
        guard now < errand.codeEndsAt else { return .not(.retry(afterMs: nil, reason: "code_expired")) }
        let record: ShopRecord
        let dataKey: DataKey
        switch shops.key(for: request.subject.shop, version: request.subject.shopVersion) {
        case .found(let found, let key): (record, dataKey) = (found, key)
        case .behind: return .not(.retry(afterMs: nil, reason: "shop_unknown_yet"))
        case .gone: return .not(.refused(reason: "shop_gone", fault: .ours))
        }
        guard let phone = PhoneSeal.open(request.subject.phone, id, with: dataKey) else {
            return .not(.refused(reason: "phone_unreadable", fault: .ours))
        }
        let code = CodeForge.code(id, request, keyring)
        guard code != nil || request.textKind != .code else {
            return .not(.retry(afterMs: nil, reason: "unknown_key"))
        }
        let written = writer.write(
            id, request, to: phone, code: request.textKind == .code ? code : nil,
            settings: record.installation?.settings, endsAt: errand.codeEndsAt, now: now)
        switch written {
        case .text(let message): return .text(message)
        case .unwanted: return .not(.refused(reason: "unwanted", fault: .ours))
        case .foreign:
            metrics.accountTroubles.add()
            ownTrouble.warn(
                "a text waits: OTP_ID_KEY is not the one its verification was opened with",
                [("verification", LogValue(errand.id))])
            return .held(until: now + ProviderGate.repairMs)
        }
    }

    private static func judge(_ result: SendResult) -> SendAttempt.Result {
        switch result {
        case .accepted(let messageId): .accepted(messageId: messageId)
        case .refused(let reason, .number): .refused(reason: reason, fault: .number)
        case .refused(let reason, .content): .refused(reason: reason, fault: .ours)
        case .refused(let reason, .account), .refused(let reason, .destination): .retry(afterMs: nil, reason: reason)
        case .retry(let after, let reason): .retry(afterMs: after?.milliseconds, reason: reason)
        case .ambiguous(let reason): .ambiguous(reason: reason)
        }
    }

    private func attempt(_ errand: Errand, _ startedAt: Int64, _ result: SendAttempt.Result) -> End {
        .result(
            SendAttempt(
                number: errand.job.number, attempt: errand.ticket.attempt, startedAt: startedAt, result: result))
    }
}
