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
    /// How long our own trouble at the provider (credentials, sender, a wrong key here) is given before the next try.
    static let accountPauseMs: Int64 = 60_000

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
    let accountTrouble: RateLimitedWarning

    /// Nil when it may not start any more. `startedAt` is when the provider was asked.
    func perform(_ errand: Errand) async -> SendAttempt? {
        let startedAt = clock.now()
        guard errand.ticket.mayStart else { return nil }
        let message: TextMessage
        switch prepare(errand, now: startedAt) {
        case .text(let text): message = text
        case .not(let result): return attempt(errand, startedAt, result)
        }
        metrics.inFlight.add(1)
        defer { metrics.inFlight.add(-1) }
        if errand.job.isUncertain {
            if let known = await look(for: message, errand, startedAt) { return known }
            guard errand.ticket.mayStart else { return nil }
        }
        let askedAt = clock.now()
        CrashPoint.senderIntended.reached()
        let result = await provider.send(message)
        CrashPoint.senderPosted.reached()
        metrics.attemptSeconds.observe(Double(clock.now() - askedAt) / 1000)
        return attempt(errand, askedAt, judge(result, errand))
    }

    /// What the provider knows of a text that may have left; nil when the same text may be sent again.
    private func look(for message: TextMessage, _ errand: Errand, _ startedAt: Int64) async -> SendAttempt? {
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
        guard let code = CodeForge.code(id, request, keyring) else {
            return .not(.retry(afterMs: nil, reason: "unknown_key"))
        }
        let message = writer.write(
            id, request, to: phone, code: code, template: record.installation?.settings.template,
            codeEndsAt: errand.codeEndsAt, now: now)
        guard let message else { return .not(trouble("id_key_mismatch", errand)) }
        return .text(message)
    }

    private func judge(_ result: SendResult, _ errand: Errand) -> SendAttempt.Result {
        switch result {
        case .accepted(let messageId): return .accepted(messageId: messageId)
        case .refused(let reason, .number): return .refused(reason: reason, fault: .number)
        case .refused(let reason, .content): return .refused(reason: reason, fault: .ours)
        case .refused(let reason, .account): return trouble(reason, errand)
        case .retry(let after, let reason): return .retry(afterMs: after.map(Self.milliseconds), reason: reason)
        case .ambiguous(let reason): return .ambiguous(reason: reason)
        }
    }

    /// Ours to repair: no order is burnt for it before its time is over.
    private func trouble(_ reason: String, _ errand: Errand) -> SendAttempt.Result {
        metrics.accountTroubles.add()
        accountTrouble.warn(
            "texts can't be sent until the account or its configuration is repaired",
            [("reason", .text(reason)), ("verification", LogValue(errand.id))])
        return .retry(afterMs: Self.accountPauseMs, reason: reason)
    }

    private func attempt(_ errand: Errand, _ startedAt: Int64, _ result: SendAttempt.Result) -> SendAttempt {
        SendAttempt(
            number: errand.job.number, attempt: errand.ticket.attempt, startedAt: startedAt, result: result)
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = min(duration, .seconds(86_400)).components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
