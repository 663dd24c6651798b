import Testing

@testable import Benchmarks

@Suite("The benchmarks' table")
struct TableTests {
    @Test("takes turns A-B-B-A, and a round's ratio is that of its two turns each")
    func turns() {
        var order = ""
        var figures = [100.0, 300].makeIterator()
        let comparison = Comparison(
            rounds: 1,
            ours: {
                order += "A"
                return figures.next() ?? 0
            },
            theirs: {
                order += "B"
                return 50
            })
        #expect(order == "ABBA")
        #expect(comparison.ratios == [4])
        #expect(comparison.theirs == 50)
    }

    @Test("shows the median of the rounds' ratios, their spread and the medians behind them")
    func ratio() {
        var ours = [90.0, 110, 200, 200, 390, 410].makeIterator()
        let comparison = Comparison(rounds: 3, ours: { ours.next() ?? 0 }, theirs: { 100 })
        let row = RowResult("webhooks", .atLeast(2, 3), comparison, "peer", "/s", "at-least-once")
        let cells = ResultTable.cells(row)
        #expect(
            cells.dropLast() == [
                "webhooks", "2.00 (1.00–4.00)", "≥ 2.00", "≥ 3.00", "reached", "200 ÷ peer 100 /s; at-least-once",
            ])
    }

    @Test(
        "says whether a goal is reached",
        arguments: [
            (Goal.atLeast(0.8, 1.2), 1.2, Goal.Verdict.stretch), (.atLeast(0.8, 1.2), 0.8, .reached),
            (.atLeast(0.8, 1.2), 0.79, .missed), (.atMost(35, 20, "MB"), 20, .stretch),
            (.atMost(35, 20, "MB"), 35, .reached), (.atMost(35, 20, "MB"), 35.1, .missed),
            (.atMost(35, 20, "MB"), .nan, .missed), (.atLeast(1, 2), .nan, .missed),
        ])
    func verdicts(_ goal: Goal, _ value: Double, _ verdict: Goal.Verdict) {
        #expect(goal.verdict(value) == verdict)
    }

    @Test(
        "prints three digits",
        arguments: [
            (0.0123, "0.012"), (0.5, "0.50"), (1.234, "1.23"), (12.34, "12.3"), (123.4, "123"), (23_456, "23.5k"),
            (.nan, "–"),
        ])
    func numbers(_ value: Double, _ text: String) {
        #expect(Goal.number(value) == text)
    }

    @Test("is Markdown with as many cells in every line, also of what is missing")
    func markdown() {
        let rows = [
            RowResult("a", .atMost(3, 1, "s"), [0.5, 0.7, 2], behind: "alone", load: "1.5 2 3"),
            RowResult("b", .atLeast(8, 12), missing: "nginx"), RowResult("c", nil, [7], behind: "", load: "1 2 3"),
        ]
        let lines = ResultTable.text(rows).split(separator: "\n")
        #expect(lines.count == 5)
        #expect(Set(lines.map { $0.count { $0 == "|" } }) == [8])
        #expect(lines[2] == "| a | 0.70 s (0.50–2.00) | ≤ 3.00 s | ≤ 1.00 s | stretch | alone | 1.5 |")
        #expect(lines[3].contains("missing: nginx"))
        #expect(rows.map(\.hasFailed) == [false, false, false])
        #expect(RowResult("d", nil, missing: "failed: refused").hasFailed)
        #expect(lines[4].hasPrefix("| c | 7.00 |"))
    }

    @Test("has a name for every row, and none twice")
    func names() {
        let names = TableRun.rows.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(!names.contains("quick"))
    }

    @Test("refuses a row it does not know, with the exit code of misuse")
    func unknown() async {
        #expect(await TableRun.main(["no-such-row"]) == 64)
        #expect(await TableRun.main(["delivery=perhaps"]) == 64)
    }
}
