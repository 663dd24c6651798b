@testable import Model
import Testing

@Suite("A number verified before")
struct CustomerRecordTests {
    static let now = IntakeTests.now

    private func record(_ orders: [String], _ customer: String? = "c") -> CustomerRecord {
        CustomerRecord(verifiedAt: Self.now, customerHash: customer, orders: orders, applied: 1)
    }

    @Test("the first verification makes the record, a later one renews it and keeps the last three orders")
    func verified() {
        var record = CustomerRecord.verified(nil, order: "1", customerHash: nil, at: Self.now, offset: 5)
        #expect(record == CustomerRecord(verifiedAt: Self.now, customerHash: nil, orders: ["1"], applied: 5))
        for (offset, order) in ["2", "3", "1", "4"].enumerated() {
            record = .verified(
                record, order: order, customerHash: order == "3" ? "c" : nil, at: Self.now + 1,
                offset: Int64(6 + offset))
        }
        #expect(
            record == CustomerRecord(verifiedAt: Self.now + 1, customerHash: "c", orders: ["3", "1", "4"], applied: 9))
    }

    @Test("the same word twice gives the same record; an earlier time never takes one back")
    func repeated() {
        let once = CustomerRecord.verified(record(["1"]), order: "2", customerHash: nil, at: Self.now + 5, offset: 7)
        #expect(CustomerRecord.verified(once, order: "2", customerHash: nil, at: Self.now + 5, offset: 7) == once)
        let late = CustomerRecord.verified(once, order: "3", customerHash: nil, at: Self.now, offset: 8)
        #expect(late.verifiedAt == Self.now + 5)
    }

    @Test("it counts for 88 days")
    func over() {
        #expect(!record([]).isOver(now: Self.now + 88 * 86_400_000 - 1))
        #expect(record([]).isOver(now: Self.now + 88 * 86_400_000))
    }

    static let named: [(customer: String?, orders: Set<String>, isMeant: Bool)] = [
        (nil, [], false), ("c", [], true), ("d", [], false), (nil, ["2"], true), ("d", ["1", "9"], true),
        (nil, ["9"], false),
    ]

    @Test("who is to be forgotten is found by customer or by order", arguments: named.indices)
    func concerned(index: Int) {
        let (customer, orders, isMeant) = Self.named[index]
        #expect(record(["1", "2"]).concerns(customerHash: customer, orders: orders) == isMeant)
        #expect(!record(["1"], nil).concerns(customerHash: nil, orders: []))
    }

    @Test("the ledger keeps the customer's hash only where the shop remembers who was verified")
    func ledger() {
        let facts = IntakeTests.facts { $0.customerHash = "c" }
        #expect(IntakeTests.place(facts, IntakeTests.view()).entry?.customerHash == nil)
        #expect(IntakeTests.place(facts, IntakeTests.view { $0.skipVerified = true }).entry?.customerHash == "c")
        #expect(
            IntakeTests.place(facts, IntakeTests.view { ($0.skipVerified, $0.active) = (true, false) }).entry?
                .customerHash == nil)
    }
}
