extension Verification {
    /// The state after an event; nil where there is none any more.
    ///
    /// - Parameters:
    ///   - now: the time of the command the event was decided from.
    ///   - offset: that command's offset; remembered as applied.
    public static func apply(
        _ state: Verification?, _ event: VerificationEvent, now: Int64, offset: Int64
    ) -> Verification? {
        if case .opened(let subject) = event {
            return Verification(opening: subject, at: now, offset: offset)
        }
        if case .erased = event { return nil }
        // An answer changes nothing, so that a look writes no record.
        if case .answered = event { return state }
        guard var next = state else { return nil }
        next.applied = offset
        next.take(event, now: now)
        return next
    }

    private init(opening subject: Subject, at now: Int64, offset: Int64) {
        self.init(
            subject: subject, openedAt: now, status: .pending, reason: nil, statusAt: now, generation: 1, codeHash: nil,
            codeExpiresAt: nil, wrongGuesses: [], texts: [], firstTextOfPhone: 1, timerStartedAt: nil, settlement: nil,
            applied: offset)
    }

    private mutating func take(_ event: VerificationEvent, now: Int64) {
        switch event {
        case .opened, .erased, .answered:
            break
        case .challenged(let challenge):
            codeHash = challenge.hash
            codeExpiresAt = now + codeMilliseconds
        case .challengeRenewed:
            codeExpiresAt = now + codeMilliseconds
        case .textAsked(let number, let generation):
            startGeneration(generation)
            texts.append(Text(number: number, generation: generation, state: .asked, askedAt: now, fault: nil))
        case .textSent(let report):
            takeSent(report, now: now)
        case .textDelivered(let report):
            update(report.number) { $0.state = .delivered }
            if concernsEnd(report.number) { detail = nil }
        case .textFailed(let failure):
            let isOpen = status == .pending
            update(failure.number) {
                $0.state = .failed
                // Afterwards it no longer says why it ended.
                if isOpen { $0.fault = failure.fault }
            }
        case .textUndelivered(let report):
            update(report.number) { $0.state = .undelivered }
            if concernsEnd(report.number) { detail = FailureCode.of(report.reason) }
        case .guessCounted(let fingerprint):
            wrongGuesses.append(fingerprint)
        case .verified:
            end(.verified, reason: nil, at: now)
            detail = nil
        case .expired(let expiry):
            end(.expired, reason: expiry.cause.rawValue, at: now)
            detail = expiry.detail.flatMap(FailureCode.of)
        case .cancelled(let canceller):
            if status == .pending { detail = nil }
            end(.cancelled, reason: canceller.rawValue, at: now)
        case .phoneReplaced(let newSubject):
            let timerSeconds = subject.timerSeconds
            replacePhone(newSubject)
            // Whatever the shop has set since: a running timer ends when it was to end.
            subject.timerSeconds = timerSeconds
            subject.codeSeconds = min(subject.codeSeconds, timerSeconds)
        case .reopened(let newSubject):
            reopen(newSubject, at: now)
        case .settlementIntended(let action):
            let result: Settlement.Result? = action == .none ? .nothing : nil
            settlement = Settlement(action: action, intendedAt: now, result: result, settledAt: result.map { _ in now })
        case .settled(let result):
            settlement?.result = result
            settlement?.settledAt = now
        }
    }

    private var codeMilliseconds: Int64 { Int64(subject.codeSeconds) * 1000 }

    private mutating func reopen(_ newSubject: Subject, at now: Int64) {
        replacePhone(newSubject)
        end(.pending, reason: nil, at: now)
        timerStartedAt = nil
        settlement = nil
        round = roundNumber + 1
    }

    private mutating func replacePhone(_ newSubject: Subject) {
        phoneChanges = changedPhones + 1
        subject = newSubject
        firstTextOfPhone = lastTextNumber + 1
        detail = nil
    }

    /// Whether what is reported of this text may say why it ends: of a phone that was replaced it says nothing.
    private func concernsEnd(_ number: Int) -> Bool { status == .pending && number >= firstTextOfPhone }

    private mutating func startGeneration(_ generation: Int) {
        guard generation > self.generation else { return }
        self.generation = generation
        codeHash = nil
        codeExpiresAt = nil
        wrongGuesses = []
    }

    private mutating func takeSent(_ report: TextReport, now: Int64) {
        let isFirstOfGeneration = !texts.contains {
            $0.generation == report.generation && $0.wasSent
        }
        update(report.number) { $0.state = .sent }
        guard status == .pending else { return }
        if timerStartedAt == nil { timerStartedAt = now }
        if isFirstOfGeneration, report.generation == generation, codeHash != nil {
            codeExpiresAt = now + codeMilliseconds
        }
    }

    private mutating func update(_ number: Int, _ change: (inout Text) -> Void) {
        guard let index = texts.firstIndex(where: { $0.number == number }) else { return }
        change(&texts[index])
    }

    private mutating func end(_ status: Status, reason: String?, at now: Int64) {
        self.status = status
        self.reason = reason
        statusAt = now
    }
}
