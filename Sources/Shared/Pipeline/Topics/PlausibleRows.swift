import Model

private typealias Range = PlausibleRange

/// Whether all that are there are within the bounds.
private func allWithin<R: RangeExpression>(_ range: R, _ numbers: [R.Bound?]) -> Bool {
    numbers.allSatisfy { $0.map(range.contains) ?? true }
}

extension Verification: Plausible {
    public var isPlausible: Bool {
        subject.isPlausible && allWithin(Range.counts, [generation, firstTextOfPhone])
            && allWithin(0...Self.lastRound, [round]) && allWithin(0...Range.counts.upperBound, [phoneChanges])
            && allWithin(
                Range.rowMoments,
                [openedAt, statusAt, codeExpiresAt, timerStartedAt, settlement?.intendedAt, settlement?.settledAt])
            && texts.allSatisfy {
                allWithin(Range.counts, [$0.number, $0.generation]) && Range.rowMoments.contains($0.askedAt)
            } && Range.applied.contains(applied)
    }
}

extension Answer: Plausible {
    public var isPlausible: Bool {
        allWithin(Range.rowMoments, [expiresAt, codeExpiresAt, resendAllowedAt])
            && allWithin(0...Range.counts.upperBound, [attemptsLeft, resendsLeft, codeLength])
    }
}

extension SendJob: Plausible {
    public var isPlausible: Bool {
        allWithin(Range.counts, [number, generation]) && request.value.isPlausible
            && (0...Range.counts.upperBound).contains(attempts)
            && allWithin(
                Range.rowMoments,
                [nextAttemptAt, challengedAt, acceptedAt, uncertainSince, askedAt, answeredAt, changedAt])
            && Range.applied.contains(applied)
    }
}

extension PhoneTexts: Plausible {
    public var isPlausible: Bool {
        allWithin(Range.rowMoments, texts.map(\.at) + [optedOutAt])
            && allWithin(Range.applied, texts.map(\.offset) + [applied])
    }
}

extension RangeTexts: Plausible {
    public var isPlausible: Bool {
        allWithin(Range.rowMoments, shops.map(\.since) + [since, lastAt])
            && allWithin(0...Range.amounts.upperBound, shops.map(\.sent) + [sent, verified, strikes])
            && Range.applied.contains(applied)
    }
}

extension OrderEntry: Plausible {
    public var isPlausible: Bool {
        allWithin(Range.rowMoments, [seenAt, skippedAt, settledAt] + (phoneChanges ?? []).map(\.at))
            && allWithin(Range.foreignMoments, [updatedAt]) && allWithin(0...Range.counts.upperBound, [round])
            && Range.applied.contains(applied)
    }
}

extension CustomerRecord: Plausible {
    public var isPlausible: Bool { Range.rowMoments.contains(verifiedAt) && Range.applied.contains(applied) }
}

extension UsageRecord: Plausible {
    public var isPlausible: Bool {
        allWithin(Range.amounts, counts.values.map { $0 } + [limit])
            && allWithin(Range.rowMoments, (reached ?? [:]).values.map { $0 }) && Range.applied.contains(applied)
    }
}

extension ShopRecord: Plausible {
    public var isPlausible: Bool {
        Range.versions.contains(version) && Range.applied.contains(applied) && installation?.isPlausible ?? true
    }
}

extension ShopRecord.Installation: Plausible {
    public var isPlausible: Bool {
        // Numbers alone: what a later version finds wrong with older settings takes no shop away.
        allWithin(
            0...Range.counts.upperBound, [settings.timerSeconds, settings.codeSeconds, settings.codeLength])
            && allWithin(Range.amounts, [settings.maxCancelsPerHour, settings.dailyCap])
            && allWithin(
                Range.rowMoments,
                [activatedAt, grant?.expiresAt, grant?.refreshExpiresAt, grant?.renewAt, care?.refusedSince])
            && allWithin(
                Range.foreignMoments,
                [
                    grant?.scopesAt, profile?.updatedAt, subscription?.updatedAt, subscription?.nearCapAt,
                    care?.polledTo,
                    care?.uninstallToldAt, care?.checkedAt,
                ] + (care?.dataRequests ?? []).map(\.requestedAt))
            && allWithin(Range.versions, [grant?.number])
    }
}

extension OutcomeData: Plausible {
    public var isPlausible: Bool { Range.rowMoments.contains(at) && allWithin(Range.counts, [number]) }
}

extension ErasureRequest: Plausible {
    public var isPlausible: Bool { Range.rowMoments.contains(requestedAt) }
}

extension ErasureReceipt: Plausible {
    public var isPlausible: Bool { Range.rowMoments.contains(cleanAt) && partition >= 0 }
}
