import Base
import Model
import Pipeline
import Platforms
import Runtime
import Security

/// One attempt to send one text: opens the number, writes the text, looks whether it was sent before where that is
/// unclear, asks the first provider that may be asked, and the next one where that surely did not send it. Whatever
/// happens becomes a result for the job's owner; trouble of our own never becomes the number's fault.
struct TextAttempt: Sendable {
    /// How long after an unclear attempt a text the provider does not list may still come to be listed: longer than the
    /// provider's deadline, in which the request itself can be held up.
    static let absentAfterMs: Int64 = 15_000
    /// How long its delivery report is waited for where the provider can't say whether it has the text.
    static let unknownAfterMs: Int64 = 30_000

    let shops: ShopDirectory
    let keyring: Keyring
    let writer: TextWriter
    var providers: TextProviders
    let clock: Clock
    let metrics: SenderMetrics
    let ownTrouble: RateLimitedWarning
    /// Where texts to the operator's test numbers go instead.
    var testTexts: TestTexts?

    enum End: Equatable {
        case result(SendAttempt)
        /// Surely not sent, for no reason of its own: to be begun again then, as the same attempt.
        case held(until: Int64)
        /// The same, and then it has its place in that provider's schedule.
        case placed(at: Int64, by: String)
        /// It may not start any more.
        case dropped
    }

    /// A result's `startedAt` is when the provider was asked.
    func perform(_ errand: Errand) async -> End {
        let startedAt = clock.now()
        guard errand.ticket.mayStart else { return .dropped }
        let destination = ProviderGate.destination(masked: errand.request.subject.phoneMask)
        let candidates = candidates(errand)
        var walk = ProviderWalk(candidates, destination: destination, placedBy: errand.placedBy)
        // Before the costly part: of many that wait each comes by here again.
        let first: GatedProvider
        switch walk.next() {
        case .granted(let provider): first = provider
        case .held(let until): return .held(until: until)
        case .placed(let at, let provider): return .placed(at: at, by: provider)
        case .over: return attempt(errand, startedAt, .refused(reason: "no_provider", fault: .ours))
        }
        let message: TextMessage
        switch prepare(errand, now: startedAt) {
        case .text(let text): message = text
        case .not(let result):
            first.gate.unasked(destination)
            return attempt(errand, startedAt, result)
        case .held(let until):
            first.gate.unasked(destination)
            return .held(until: until)
        }
        if let testTexts, testTexts.phones.contains(errand.request.subject.phoneHash) {
            first.gate.unasked(destination)
            testTexts.add(message, at: startedAt)
            return attempt(errand, startedAt, .accepted(messageId: TestTexts.messageId))
        }
        metrics.inFlight.add(1)
        defer { metrics.inFlight.add(-1) }
        if errand.job.isUncertain {
            if let known = await look(for: message, errand, startedAt, candidates, granted: first.name) {
                first.gate.unasked(destination)
                return known
            }
            guard errand.ticket.mayStart else {
                first.gate.unasked(destination)
                return .dropped
            }
        }
        return await send(message, errand, first, &walk)
    }

    /// Asks one provider after the other until one has it, may have it, or blames its number.
    private func send(
        _ message: TextMessage, _ errand: Errand, _ first: GatedProvider, _ walk: inout ProviderWalk
    ) async -> End {
        var provider = first
        // Whether one of them may take it later.
        var isPassing = false
        while true {
            let askedAt = clock.now()
            CrashPoint.senderIntended.reached()
            let result = await provider.provider.send(message)
            CrashPoint.senderPosted.reached()
            provider.metrics.attemptSeconds.observe(Double(clock.now() - askedAt) / 1000)
            let needsRepair = provider.gate.note(result, walk.destination)
            let ended = attempt(errand, askedAt, Self.judge(result), by: provider.name)
            guard Self.failsOver(result), errand.ticket.mayStart else {
                return needsRepair ? .held(until: clock.now() + ProviderGate.repairMs) : ended
            }
            var isRefusal = false
            if case .refused(_, .content) = result { isRefusal = true } else { isPassing = true }
            switch walk.next() {
            case .granted(let next): provider = next
            case .placed(let at, let name): return .placed(at: at, by: name)
            case .held(let until) where needsRepair:
                return .held(until: min(until, clock.now() + ProviderGate.repairMs))
            case .over where needsRepair: return .held(until: clock.now() + ProviderGate.repairMs)
            case .held where isRefusal, .over where isRefusal && isPassing:
                return attempt(
                    errand, askedAt, .retry(afterMs: nil, reason: "refused by \(provider.name)"), by: provider.name)
            case .held, .over: return ended
            }
        }
    }

    /// Whether it was surely not sent, for a reason that another provider need not share. What was taken for fraud is
    /// not taken elsewhere.
    private static func failsOver(_ result: SendResult) -> Bool {
        switch result {
        case .retry, .refused(_, .account), .refused(_, .destination), .refused(_, .content): true
        case .accepted, .ambiguous, .refused(_, .number), .refused(_, .optedOut), .refused(_, .suspect): false
        }
    }

    /// Whoever may have the text already comes first; whoever had it and did not report does not come, or last where it
    /// reported that it could not deliver it for now.
    private func candidates(_ errand: Errand) -> [GatedProvider] {
        let country = providers.differByCountry ? shops.country(errand.id, errand.request.subject) : nil
        let route = errand.job.route?.value
        let all = providers.list(for: country)
        var list = all.filter { $0.name != route?.passedOver }
        if route?.again == .anybody { list += all.filter { $0.name == route?.passedOver } }
        guard errand.job.isUncertain, let holder = route?.provider else { return list }
        return list.filter { $0.name == holder } + list.filter { $0.name != holder }
    }

    /// What the providers know of a text that may have left; nil when the same text may be sent again.
    private func look(
        for message: TextMessage, _ errand: Errand, _ startedAt: Int64, _ candidates: [GatedProvider], granted: String
    ) async -> End? {
        metrics.lookups.add()
        var quietMs = Self.absentAfterMs
        let holder = errand.job.route?.provider
        let suspects = holder == nil ? candidates : candidates.filter { $0.name == holder }
        if suspects.isEmpty { quietMs = Self.unknownAfterMs }
        for suspect in suspects {
            guard suspect.name == granted || suspect.gate.isOpen else {
                quietMs = Self.unknownAfterMs
                continue
            }
            switch await suspect.provider.find(message.to, errand.job.uncertainSince ?? startedAt, message.body) {
            case .found(let messageId, _):
                return attempt(errand, startedAt, .accepted(messageId: messageId), by: suspect.name)
            case .absent: break
            case .unknown: quietMs = Self.unknownAfterMs
            }
        }
        // Nothing is known of an attempt before a restart but that it is over.
        guard let askedAt = errand.job.askedAt, clock.now() - askedAt < quietMs else { return nil }
        return attempt(errand, askedAt, .ambiguous(reason: "not to be found yet"), by: holder)
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
            metrics.foreignTexts.add()
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
        case .refused(_, .optedOut): .refused(reason: SendRefusal.optedOut.rawValue, fault: .ours)
        case .refused(let reason, .content), .refused(let reason, .suspect): .refused(reason: reason, fault: .ours)
        case .refused(let reason, .account), .refused(let reason, .destination): .retry(afterMs: nil, reason: reason)
        case .retry(let after, let reason): .retry(afterMs: after?.waitedMilliseconds, reason: reason)
        case .ambiguous(let reason): .ambiguous(reason: reason)
        }
    }

    private func attempt(
        _ errand: Errand, _ startedAt: Int64, _ result: SendAttempt.Result, by provider: String? = nil
    ) -> End {
        .result(
            SendAttempt(
                number: errand.job.number, attempt: errand.ticket.attempt, startedAt: startedAt, result: result,
                provider: provider))
    }
}
