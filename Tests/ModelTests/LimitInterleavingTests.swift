import Testing

@testable import Model

/// Every order of requests, opt-outs, verifications and days to depth 5, each step also with a crash that left one of
/// its two rows unwritten and a replay; limits are small, so that each is reached.
@Suite("Interleavings of limits")
struct LimitInterleavingTests {
    enum Action: Hashable, CaseIterable {
        case phoneAForShop1, phoneAForShop2, phoneBForShop1, phoneAStops, phoneAStarts, somebodyVerifies, dayPasses
    }

    enum Crash: CaseIterable {
        case none, onlyPhoneWritten, onlyRangeWritten
    }

    struct Passed: Hashable {
        let phone: String
        let shop: UInt32
        let at: Int64
    }

    struct Node: Hashable {
        var phones: [String: [UInt8]] = [:]
        var range: [UInt8]?
        var now: Int64 = 1_800_000_000_000
        /// What was let through: the past that the promises are about.
        var passed: [Passed] = []
        var isOut = false
    }

    static let limits = {
        var limits = NumberLimits()
        (limits.phoneShopDay, limits.phoneDay) = (1, 2)
        (limits.phoneShopMonth, limits.phoneMonth) = (2, 3)
        (limits.shopRangeHour, limits.rangeUnverified) = (2, 3)
        return limits
    }()

    @Test("to depth 5 no limit is exceeded, whatever crashes, and STOP holds until START")
    func exhaustive() {
        var frontier: Set<Node> = [Node()]
        var seen = frontier
        var violations: Set<String> = []
        var refusals: Set<SendRefusal> = []
        for depth in 1...5 {
            var next: Set<Node> = []
            for node in frontier {
                for action in Action.allCases {
                    for crash in Crash.allCases {
                        let (successor, refusal) = Self.take(action, crash, node, offset: Int64(depth))
                        if let refusal { refusals.insert(refusal) }
                        violations.formUnion(Self.violations(of: successor, after: action, from: node))
                        if seen.insert(successor).inserted { next.insert(successor) }
                    }
                }
            }
            frontier = next
        }
        print("interleavings of limits: \(seen.count) states, \(violations.count) violations")
        #expect(violations == [])
        #expect(refusals == Set(SendRefusal.allCases), "each limit was reached")
        #expect(seen.count > 1_000, "an exploration that sees little says little")
    }

    private static func take(
        _ action: Action, _ crash: Crash, _ node: Node, offset: Int64
    ) -> (Node, SendRefusal?) {
        var next = node
        switch action {
        case .phoneAForShop1: return ask("a", 1, crash, node, offset)
        case .phoneAForShop2: return ask("a", 2, crash, node, offset)
        case .phoneBForShop1: return ask("b", 1, crash, node, offset)
        case .phoneAStops, .phoneAStarts:
            next.isOut = action == .phoneAStops
            let row = NumberGate.opted(out: next.isOut, phone(node, "a"), now: node.now, offset: offset)
            if let row { next.phones["a"] = NumberRow.phone(row).packed }
        case .somebodyVerifies:
            if let row = NumberGate.verified(range(node), now: node.now, offset: offset, limits) {
                next.range = NumberRow.range(row).packed
            }
        case .dayPasses:
            next.now += NumberLimits.dayMs
        }
        return (next, nil)
    }

    private static func ask(
        _ name: String, _ shop: UInt32, _ crash: Crash, _ node: Node, _ offset: Int64
    ) -> (Node, SendRefusal?) {
        let ask = NumberGate.Ask(shop: shop, now: node.now, offset: offset)
        var next = node
        // What a crash left undone is judged again; only then does the text leave.
        for isLast in crash == .none ? [true] : [false, true] {
            switch NumberGate.decide(phone(next, name), range(next), ask, limits) {
            case .refused(let refusal): return (next, refusal)
            case .passed(let nextPhone, let nextRange):
                if let nextPhone, isLast || crash == .onlyPhoneWritten {
                    next.phones[name] = NumberRow.phone(nextPhone).packed
                }
                if let nextRange, isLast || crash == .onlyRangeWritten {
                    next.range = NumberRow.range(nextRange).packed
                }
            }
        }
        next.passed.append(Passed(phone: name, shop: shop, at: node.now))
        return (next, nil)
    }

    private static func violations(of node: Node, after action: Action, from before: Node) -> [String] {
        guard node.passed.count > before.passed.count, let text = node.passed.last else { return [] }
        let day = node.passed.filter { node.now - $0.at < NumberLimits.dayMs }
        let phone = node.passed.filter { $0.phone == text.phone }
        let phoneDay = day.filter { $0.phone == text.phone }
        let rules: [(String, Bool)] = [
            ("a phone's day at a shop", phoneDay.count { $0.shop == text.shop } <= limits.phoneShopDay),
            ("a phone's day", phoneDay.count <= limits.phoneDay),
            ("a phone's month at a shop", phone.count { $0.shop == text.shop } <= limits.phoneShopMonth),
            ("a phone's month", phone.count <= limits.phoneMonth),
            ("a shop's hour", day.count { $0.shop == text.shop } <= limits.shopRangeHour),
            ("STOP", text.phone != "a" || !before.isOut),
        ]
        return rules.filter { !$0.1 }.map { "\($0.0) by \(action)" }
    }

    private static func phone(_ node: Node, _ name: String) -> PhoneTexts? {
        node.phones[name].flatMap { bytes in
            if case .phone(let row) = bytes.withUnsafeBytes({ NumberRow(packed: $0) }) { row } else { nil }
        }
    }

    private static func range(_ node: Node) -> RangeTexts? {
        node.range.flatMap { bytes in
            if case .range(let row) = bytes.withUnsafeBytes({ NumberRow(packed: $0) }) { row } else { nil }
        }
    }
}
