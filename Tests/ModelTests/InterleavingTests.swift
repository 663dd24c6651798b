import Testing

@testable import Model

/// Every order in which a verification's commands can come, to depth 8 from a code that has been sent, with a crash and
/// a replay of everything after each step; states that were seen before are not gone through again.
@Suite("Interleavings")
struct InterleavingTests {
    enum Action: Hashable, CaseIterable {
        case challenged, sent, delivered, failed, failedByUs, undelivered, undeliveredFirst
        case guessRight, guessNewWrong, guessSameWrong, guessOldCode
        case resend, timedOut, merchantCancels, merchantReleases, phoneChanged
        case settleTag, settleCancel, settleReview, settleNone, settleEarlierRound
        case settledByUs, settledByMerchant, settledTagged
        case erase, codeLifePasses, timerPasses
    }

    /// What an observer has seen: the past that the promises are about.
    struct Observed: Hashable {
        var ends: [String] = []
        /// Different wrong codes compared, by generation.
        var compared: [Int: Set<String>] = [:]
        var settlements = 0
        var reopened = 0
        /// Texts to the phone that were reported as not delivered, and nothing for good since.
        var unreached: Set<Int> = []
        var isReached = false
        var isUnreached: Bool { !isReached && !unreached.isEmpty }
        /// The timer ended like that.
        var endedUnreached = false
        var violations: [String] = []
    }

    struct Node: Hashable {
        var state: Verification?
        var now: Int64
        var observed: Observed
    }

    struct Step {
        let command: VerificationCommand
        let now: Int64
        let offset: Int64
    }

    @Test("to depth 8 nothing breaks a promise")
    func exhaustive() {
        var start = Story.sent()
        start.offset = 3
        var frontier: [(Node, [Step])] = [(Node(state: start.state, now: start.now, observed: Observed()), [])]
        var seen: Set<Node> = []
        var transitions = 0
        var violations: Set<String> = []
        for _ in 0..<8 {
            var next: [(Node, [Step])] = []
            for (node, history) in frontier {
                for action in Action.allCases {
                    guard let (successor, steps) = Self.take(action, node, history) else { continue }
                    transitions += 1
                    violations.formUnion(successor.observed.violations)
                    if seen.insert(Self.key(successor)).inserted { next.append((successor, steps)) }
                }
            }
            frontier = next
        }
        print("interleavings: \(seen.count) states, \(transitions) transitions, \(violations.count) violations")
        #expect(violations == [])
        #expect(seen.count > 10_000, "an exploration that sees little says little")
    }

    /// Two paths to the same state and the same past are one, whatever offsets they took.
    private static func key(_ node: Node) -> Node {
        var key = node
        key.state?.applied = 0
        return key
    }

    private static func take(_ action: Action, _ node: Node, _ history: [Step]) -> (Node, [Step])? {
        var next = node
        switch action {
        case .codeLifePasses:
            guard let end = node.state?.codeExpiresAt, end > node.now else { return nil }
            next.now = end
            return (next, history)
        case .timerPasses:
            guard let end = node.state?.deadline, end > node.now else { return nil }
            next.now = end
            return (next, history)
        default:
            break
        }
        guard let command = command(action, &next) else { return nil }
        let step = Step(command: command, now: next.now, offset: Int64(history.count) + 4)
        let events = Verification.decide(next.state, command, now: step.now)
        check(action, events, &next)
        for event in events {
            observe(event, next.state, &next.observed)
            next.state = Verification.apply(next.state, event, now: step.now, offset: step.offset)
        }
        let steps = history + [step]
        crashAndReplay(steps, &next)
        return (next, steps)
    }

    /// What a decision must say, whatever came before.
    private static func check(_ action: Action, _ events: [VerificationEvent], _ node: inout Node) {
        guard let state = node.state else { return }
        let ends = events.contains { if case .expired = $0 { true } else { false } }
        switch action {
        case .undelivered, .undeliveredFirst:
            if ends { node.observed.violations.append("a passing report ended it") }
        case .guessRight:
            let isInTime = state.status == .pending && state.codeLives(at: node.now) && !state.isLocked
            if isInTime, !events.contains(.verified) {
                node.observed.violations.append("the right code in time did not verify")
            }
        default: break
        }
    }

    /// After a crash the owner restores its state and gets the last messages once more: nothing may change.
    private static func crashAndReplay(_ steps: [Step], _ node: inout Node) {
        var state = node.state
        for step in steps {
            if let state, state.applied >= step.offset { continue }
            let events = Verification.decide(state, step.command, now: step.now)
            for event in events {
                state = Verification.apply(state, event, now: step.now, offset: step.offset)
            }
        }
        if state != node.state { node.observed.violations.append("a replay changed the state") }
    }

    private static func command(_ action: Action, _ node: inout Node) -> VerificationCommand? {
        let state = node.state
        let number = state?.lastTextNumber ?? 1
        let generation = state?.generation ?? 1
        let report = TextReport(number: number, generation: generation)
        switch action {
        case .challenged: return .challenged(Challenge(generation: generation, hash: "h\(generation)"))
        case .sent: return .sent(report)
        case .delivered: return .delivered(report)
        case .failed:
            return .failed(TextFailure(number: number, generation: generation, reason: "x", fault: .number))
        case .failedByUs: return .failed(TextFailure(number: 1, generation: 1, reason: "x", fault: .ours))
        case .undelivered:
            return .undelivered(
                UndeliveredText(number: number, generation: generation, reason: "30008", again: .anybody))
        case .undeliveredFirst:
            guard number > 1 else { return nil }
            return .undelivered(UndeliveredText(number: 1, generation: 1, reason: "30003", again: .anybody))
        case .guessRight: return guess("right-\(generation)", &node)
        case .guessNewWrong: return guess("wrong-\(state?.wrongGuesses.count ?? 0)", &node)
        case .guessSameWrong: return state?.wrongGuesses.first.flatMap { guess($0, &node) }
        case .guessOldCode: return generation > 1 ? guess("right-\(generation - 1)", &node) : nil
        case .resend: return .resend
        case .timedOut: return .timedOut(attendedSince: 0)
        case .merchantCancels: return .orderCancelled
        case .merchantReleases: return .released(.approved)
        case .phoneChanged: return number > 2 ? nil : .phoneChanged(Story.otherPhone)
        case .settleTag: return .settle(.tagVerified, round: state?.round)
        case .settleCancel: return .settle(.cancel, round: state?.round)
        case .settleReview: return .settle(.review, round: state?.round)
        case .settleNone: return .settle(.none, round: state?.round)
        case .settleEarlierRound: return state?.round == nil ? nil : .settle(.cancel)
        case .settledByUs: return .settled(.cancelledByUs)
        case .settledByMerchant: return .settled(.cancelledByMerchant)
        case .settledTagged: return .settled(.tagged)
        case .erase: return .erase(Erasure(shop: "a.myshopify.com", texts: number))
        case .codeLifePasses, .timerPasses: return nil
        }
    }

    private static func guess(_ fingerprint: String, _ node: inout Node) -> VerificationCommand {
        guard let state = node.state, state.hashToCompare(with: Guess(fingerprint: fingerprint), now: node.now) != nil
        else {
            return .guess(Guess(fingerprint: fingerprint))
        }
        let isSame = fingerprint == "right-\(state.generation)"
        if !isSame {
            node.observed.compared[state.generation, default: []].insert(fingerprint)
            if node.observed.compared[state.generation, default: []].count > 5 {
                node.observed.violations.append("a sixth wrong code was compared")
            }
        }
        return .guess(Guess(fingerprint: fingerprint, comparison: isSame ? .same : .different))
    }

    private static func observe(_ event: VerificationEvent, _ state: Verification?, _ observed: inout Observed) {
        switch event {
        case .verified: end("verified", &observed)
        case .expired(let expiry):
            end(expiry.cause == .undeliverable ? "undeliverable" : "expired", &observed)
            if observed.isUnreached {
                observed.endedUnreached = expiry.cause == .timedOut || expiry.cause == .undeliverable
                if expiry.fault == .number { observed.violations.append("a passing report blamed the number") }
                if expiry.cause == .timedOut { observed.violations.append("told as an answer that never came") }
            }
        case .reopened:
            if observed.ends != ["undeliverable"] || observed.endedUnreached {
                observed.violations.append("opened again after \(observed.ends)")
            }
            observed.reopened += 1
            if observed.reopened > 1 { observed.violations.append("opened again twice") }
            (observed.ends, observed.settlements) = ([], 0)
            (observed.unreached, observed.isReached, observed.endedUnreached) = ([], false, false)
        case .phoneReplaced: (observed.unreached, observed.isReached) = ([], false)
        case .textUndelivered(let report):
            if report.number >= state?.firstTextOfPhone ?? 1 { observed.unreached.insert(report.number) }
        case .textDelivered(let report):
            if report.number >= state?.firstTextOfPhone ?? 1 { observed.isReached = true }
        case .textFailed(let failure):
            // What is said for good outdoes what was said before.
            observed.unreached.remove(failure.number)
        case .cancelled(let canceller): end("cancelled:\(canceller.rawValue)", &observed)
        case .settlementIntended(let action):
            observed.settlements += 1
            if observed.settlements > 1 { observed.violations.append("settled twice") }
            if action == .cancel && observed.endedUnreached {
                observed.violations.append("cancels for want of a delivery report")
            }
            if action == .cancel && state?.status != .expired {
                observed.violations.append("cancels what has not expired")
            }
            if action != .none, state?.reason.flatMap(Release.init) != nil {
                observed.violations.append("acts on an order the merchant wants left alone")
            }
            if action == .tagVerified && state?.status != .verified {
                observed.violations.append("tags what is not verified")
            }
        case .opened, .challenged, .challengeRenewed, .textAsked, .textSent, .guessCounted, .settled, .erased,
            .answered:
            break
        }
    }

    /// Exactly one of verified, expired, undeliverable, cancelled by the merchant; after expired or undeliverable at
    /// most one cancelled.
    private static func end(_ kind: String, _ observed: inout Observed) {
        observed.ends.append(kind)
        let firsts = ["verified", "expired", "undeliverable", "cancelled:merchant"]
        let isAllowed: Bool
        switch observed.ends.count {
        case 1: isAllowed = firsts.contains(kind)
        case 2: isAllowed = ["expired", "undeliverable"].contains(observed.ends[0]) && kind.hasPrefix("cancelled")
        default: isAllowed = false
        }
        if !isAllowed { observed.violations.append("told \(observed.ends.joined(separator: ", "))") }
    }
}
