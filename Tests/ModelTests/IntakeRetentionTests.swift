@testable import Model
import Testing

@Suite("What a shop's owner keeps, and for how long")
struct IntakeRetentionTests {
    static let seen: Int64 = 1_800_000_000_000
    static let day: Int64 = 86_400_000

    static func entry(skipped: SkipReason?, skippedAt: Int64? = nil) -> OrderEntry {
        OrderEntry(
            verification: skipped == nil ? IntakeTests.id : nil, skipped: skipped, seenAt: seen, skippedAt: skippedAt,
            isCancelled: false, isFulfilled: false, isApproved: false, counted: ["sent/1"], applied: 7)
    }

    static let entries: [(OrderEntry, Int64, Intake.Retirement?)] = [
        (entry(skipped: .stale), 5 * day - 1, nil),
        (entry(skipped: .stale), 5 * day, Intake.Retirement(entry: nil)),
        (entry(skipped: .noPhone), 30 * day, Intake.Retirement(entry: nil)),
        (entry(skipped: nil), 30 * day, nil),
        (entry(skipped: nil, skippedAt: seen - day), 4 * day - 1, nil),
        (entry(skipped: nil, skippedAt: seen - day), 4 * day, Intake.Retirement(entry: entry(skipped: nil))),
    ]

    @Test("a skipped outcome goes after five days, with its entry unless a request followed it", arguments: entries)
    func retire(entry: OrderEntry, after: Int64, expected: Intake.Retirement?) {
        #expect(Intake.retire(entry, now: Self.seen + after) == expected)
    }

    @Test("what was retired has nothing left to retire")
    func once() {
        let left = Intake.retire(Self.entry(skipped: nil, skippedAt: Self.seen), now: Self.seen + 5 * Self.day)?.entry
        #expect(left != nil)
        #expect(left.flatMap { Intake.retire($0, now: Self.seen + 50 * Self.day) } == nil)
    }

    @Test(
        "counts are kept for twelve whole months after their own",
        arguments: [
            ("2026-11", "2026-11", false), ("2026-11", "2027-11", false), ("2026-11", "2027-12", true),
            ("2026-12", "2027-12", false), ("2026-12", "2028-01", true), ("2026-01", "2030-06", true),
            ("2027-05", "2026-11", false), ("", "2027-12", false), ("2026", "2027-12", false),
            ("2026-13", "2028-12", false), ("2026-11-01", "2028-12", false), ("never-11", "2028-12", false),
        ])
    func usage(month: String, thisMonth: String, isOver: Bool) {
        #expect(Intake.isUsageOver(month: month, thisMonth: thisMonth) == isOver)
    }
}
