/// Everything the page says; each has its text in every language of `languages.json`.
enum PageWord: String, CaseIterable, Sendable {
    // The form.
    case confirm, sent, sending, codeLabel, codeShape, submit, tip
    case order, timeLeft, codeLeft, attemptsLeft, lessThanAMinute
    case noText, resend, resendIn, sendNew, sendNewIn, noMoreTexts
    // What was wrong or is going on; the second says what to do.
    case error
    case wrong, wrongHelp, wrongLength, emptyCode, notDigits, tooShort, tooLong, notCounted, codeOver, codeOverHelp,
        locked, lockedHelp
    case resent, resentHelp, tooSoon, tooSoonHelp, limitHelp
    case busy, busyHelp, unavailable, unavailableHelp
    // How it ended.
    case verified, already, verifiedHelp, expired, expiredHelp, undeliverable, undeliverableHelp, released, releasedHelp
    case cancelled, cancelledByShopHelp, cancelledByUsHelp, unknown, unknownHelp, foreign
    case theShop
}
