import Testing

@testable import Model

@Suite("Limits of phones and ranges")
struct NumberGateTests {
    /// One partition of `otp.numbers`, with the texts that left.
    struct Desk {
        var limits = NumberLimits()
        var phones: [String: PhoneTexts] = [:]
        var ranges: [String: RangeTexts] = [:]
        var offset: Int64 = 0
        var now: Int64 = 1_800_000_000_000

        mutating func ask(_ phone: String, range: String = "r", shop: UInt32 = 1, isTest: Bool = false) -> SendRefusal?
        {
            offset += 1
            return repeatLast(phone, range: range, shop: shop, isTest: isTest)
        }

        mutating func repeatLast(_ phone: String, range: String = "r", shop: UInt32 = 1, isTest: Bool = false)
            -> SendRefusal?
        {
            let ask = NumberGate.Ask(shop: shop, now: now, offset: offset, isTest: isTest)
            switch NumberGate.decide(phones[phone], ranges[range], ask, limits) {
            case .passed(let nextPhone, let nextRange):
                phones[phone] = nextPhone ?? phones[phone]
                ranges[range] = nextRange ?? ranges[range]
                return nil
            case .refused(let refusal): return refusal
            }
        }

        mutating func verify(_ range: String = "r") {
            offset += 1
            ranges[range] = NumberGate.verified(ranges[range], now: now, offset: offset, limits) ?? ranges[range]
        }
    }

    @Test("fifty thousand orders over one range of ten thousand numbers leak twenty texts; other ranges lose none")
    func pumping() {
        var desk = Desk()
        var (leaked, others, lost) = (0, 0, 0)
        for order in 0..<50_000 {
            // Two thousand shops, one order each second: the whole takes 14 hours.
            desk.now += 1_000
            let shop = UInt32(order % 2_000)
            if desk.ask("p\(order * 7_919 % 10_000)", range: "pumped", shop: shop) == nil { leaked += 1 }
            if order % 50 == 0 {
                others += 1
                let range = "honest\(order / 50 % 100)"
                if desk.ask("h\(order)", range: range, shop: shop) != nil { lost += 1 }
                if order % 100 == 0 { desk.verify(range) }
            }
        }
        #expect(leaked == 20)
        #expect(others == 1_000)
        #expect(lost == 0)
    }

    @Test("a range that was blocked gets half the allowance the day after, and all of it after a quiet week")
    func strikes() {
        var desk = Desk()
        func flood(_ desk: inout Desk) -> Int { (0..<100).count { _ in desk.ask("p\(desk.offset)", shop: 1) == nil } }
        var leaks: [Int] = []
        for _ in 0..<6 {
            leaks.append(flood(&desk))
            desk.now += NumberLimits.dayMs
        }
        #expect(leaks == [20, 10, 5, 2, 1, 1])
        desk.now += 7 * NumberLimits.dayMs
        #expect(flood(&desk) == 20)
    }

    @Test("a range whose people verify is never blocked, one that was opens when enough have verified")
    func verifiedRange() {
        var desk = Desk()
        desk.limits.shopRangeHour = 1_000
        for order in 0..<500 {
            #expect(desk.ask("p\(order)") == nil)
            if order % 5 == 0 { desk.verify() }
        }
        var blocked = Desk()
        for order in 0..<20 { #expect(blocked.ask("p\(order)") == nil) }
        #expect(blocked.ask("q") == .rangeBlocked)
        blocked.verify()
        #expect(blocked.ask("q") == .rangeBlocked)
        blocked.verify()
        #expect(blocked.ask("q") == nil)
    }

    @Test("one phone at one shop: eight texts in a day, twenty-four in thirty days")
    func phoneAndShop() {
        var desk = Desk()
        var passed = 0
        for _ in 0..<10 {
            for _ in 0..<10 where desk.ask("p", range: "r\(desk.offset)") == nil { passed += 1 }
            #expect(desk.ask("p") == .phoneShopBudget)
            desk.now += NumberLimits.dayMs
        }
        #expect(passed == 24)
        desk.now += NumberLimits.monthMs
        #expect(desk.ask("p") == nil)
        #expect(desk.phones["p"]?.texts.count == 1, "what no limit asks for any longer is not kept")
    }

    @Test("one phone at a hundred shops gets twelve texts in a day, not a hundred")
    func bombing() {
        var desk = Desk()
        let verdicts = (0..<100).map { desk.ask("p", range: "r\($0)", shop: UInt32($0)) }
        #expect(verdicts.count { $0 == nil } == 12)
        #expect(Set(verdicts.dropFirst(12)) == [.phoneBudget])
    }

    @Test("one shop's rate into one range has an hour's limit of its own, and no other shop feels it")
    func shopRange() {
        var desk = Desk()
        let verdicts = (0..<70).map { order in
            desk.verify()
            return desk.ask("p\(order)")
        }
        #expect(verdicts.count { $0 == nil } == 60)
        #expect(verdicts.last == .shopRangeRate)
        #expect(desk.ask("q", shop: 2) == nil)
        desk.now += NumberLimits.hourMs
        #expect(desk.ask("q") == nil)
    }

    @Test("a test number is exempt from every send budget and counted nowhere")
    func testNumbers() {
        var desk = Desk()
        for _ in 0..<100 { #expect(desk.ask("t", isTest: true) == nil) }
        #expect(desk.phones.isEmpty && desk.ranges.isEmpty)
    }

    @Test("a request that comes again is answered as before and counted once")
    func replay() {
        var desk = Desk()
        for _ in 0..<3 { #expect(desk.ask("p") == nil) }
        let rows = (desk.phones, desk.ranges)
        #expect(desk.repeatLast("p") == nil)
        #expect(desk.phones == rows.0 && desk.ranges == rows.1)
        // A crash can leave one of the two rows unwritten: the other is not counted again.
        desk.phones["p"]?.texts.removeLast()
        #expect(desk.repeatLast("p") == nil)
        #expect(desk.phones == rows.0 && desk.ranges == rows.1)
        desk.ranges["r"]?.sent -= 1
        desk.ranges["r"]?.applied -= 1
        #expect(desk.repeatLast("p") == nil)
        #expect(desk.ranges["r"]?.sent == 3)
        let verified = NumberGate.verified(desk.ranges["r"], now: desk.now, offset: desk.offset, desk.limits)
        #expect(verified == nil)
    }

    @Test("a row's packed form holds the row", arguments: [0, 1, 2, 48])
    func packing(texts: Int) {
        let start: Int64 = 1_800_000_000_000
        let phone = PhoneTexts(
            texts: (0..<Int64(texts)).map { .init(at: start + $0 * 977, shop: .max - UInt32($0), offset: $0 * 31) },
            applied: 1_000_000)
        let range = RangeTexts(
            since: start, sent: 20, verified: 3, strikes: 2, lastAt: start + 9,
            shops: (0..<Int64(texts)).map { .init(shop: UInt32($0), since: start + $0, sent: Int($0)) }, applied: -1)
        for row in [NumberRow.phone(phone), .range(range)] {
            #expect(row.packed.withUnsafeBytes { NumberRow(packed: $0) } == row)
        }
        #expect(NumberRow.phone(phone).packed.count <= 8 + 16 * texts)
    }

    @Test("a row is over thirty days after its last text")
    func over() {
        var desk = Desk()
        _ = desk.ask("p")
        for row in [NumberRow.phone(desk.phones["p"]!), .range(desk.ranges["r"]!)] {
            #expect(!row.isOver(now: desk.now + NumberLimits.monthMs - 1))
            #expect(row.isOver(now: desk.now + NumberLimits.monthMs))
        }
    }

    @Test(
        "limits are read as name=number, and what is wrong is refused",
        arguments: [
            ("", true), ("phoneDay=20, rangeUnverified=40", true), ("rangeVerifiedPercent=0", true),
            ("phoneDay", false), ("phoneDay=", false), ("phoneDay=0", false), ("phoneDay=1001", false),
            ("phones=3", false), ("rangeVerifiedPercent=101", false), ("phoneDay=1=2", false),
        ])
    func parsing(text: String, isRight: Bool) throws {
        let result = NumberLimits.parse(text)
        if case .success = result { #expect(isRight) } else { #expect(!isRight) }
        guard text.hasPrefix("phoneDay=20") else { return }
        var expected = NumberLimits()
        (expected.phoneDay, expected.rangeUnverified) = (20, 40)
        #expect(try result.get() == expected)
    }
}
