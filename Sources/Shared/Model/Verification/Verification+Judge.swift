extension Verification {
    /// The hash a guess has to be compared with before it can be judged, or nil where the state alone decides.
    ///
    /// The owner asks this first, so that no hash is computed for a closed, locked or expired verification.
    public func hashToCompare(with guess: Guess, now: Int64) -> String? {
        refusal(of: guess, now: now) == nil ? codeHash : nil
    }

    /// Judges a guess. The caller commits the events before anybody sees the answer, so that no verdict leaves
    /// uncounted.
    func judge(_ guess: Guess, now: Int64) -> [VerificationEvent] {
        if let refusal = refusal(of: guess, now: now) {
            return [.answered(refusal)]
        }
        switch guess.comparison {
        case .notMade:
            return [.answered(.unavailable)]
        case .same:
            return status == .verified ? [.answered(.verified)] : [.verified, .answered(.verified)]
        case .different:
            guard let fingerprint = guess.fingerprint else { return [.answered(.unavailable)] }
            return [.guessCounted(fingerprint: fingerprint), .answered(.mismatch)]
        }
    }

    /// The answer to a guess that needs no comparison, in the order of the checks; nil where only the hash can tell.
    private func refusal(of guess: Guess, now: Int64) -> Answer.Kind? {
        switch status {
        case .expired, .cancelled: return .closed
        case .pending, .verified: break
        }
        guard codeLives(at: now) else { return .codeExpired }
        if let digits = guess.digits, digits != subject.codeLength { return .wrongLength }
        guard let fingerprint = guess.fingerprint else { return .unavailable }
        guard !isLocked else { return .locked }
        // The same wrong code again is not a new guess, and needs no hash to be known as wrong.
        return wrongGuesses.contains(fingerprint) ? .mismatch : nil
    }
}
