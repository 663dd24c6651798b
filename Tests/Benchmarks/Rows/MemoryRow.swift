/// What an open verification costs Verifier in memory: the restore benchmark's figure.
struct MemoryRow {
    private let plan: TableRun.Plan

    init(_ plan: TableRun.Plan) { self.plan = plan }

    func run() throws -> [RowResult] {
        let rows = plan.isQuick ? 100_000 : 1_000_000
        let figures = try RestoreBenchmark(rows: rows, rounds: plan.isQuick ? 1 : 2, partitions: 12).run()
        return [
            RowResult(
                "memory per open verification", .atMost(200, 96, "B"), figures.map(\.bytesEach),
                behind: "\(rows) open, VmRSS less that of the same daemon on empty topics; no bcrypt at restore"),
            RowResult(
                "restore of \(rows) open verifications", nil, figures.map(\.seconds),
                behind: "s; \(Goal.number(figures.map(\.cpu).median)) s of processor"),
        ]
    }
}
