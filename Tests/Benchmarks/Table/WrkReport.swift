/// What a run of wrk says of itself, by the line that compose/bench.d/wrk.lua ends it with.
struct WrkReport: Equatable {
    let requests: Int
    let seconds: Double
    /// Answers above 399.
    let refused: Int
    /// Connections that failed, and time-outs.
    let broken: Int
    let p50Ms: Double
    let p99Ms: Double

    /// Good answers only.
    var goodPerSecond: Double { Double(requests - refused) / seconds }

    /// Nil where the line is missing or no number of it can be read.
    init?(parsing output: String) {
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("bench ") }) else { return nil }
        var values: [Substring: Int] = [:]
        for word in line.split(separator: " ").dropFirst() {
            let parts = word.split(separator: "=")
            if parts.count == 2 { values[parts[0]] = Int(parts[1]) }
        }
        guard let requests = values["requests"], let time = values["microseconds"], time > 0,
            let refused = values["refused"], let broken = values["broken"], let p50 = values["p50"],
            let p99 = values["p99"]
        else { return nil }
        self.requests = requests
        seconds = Double(time) / 1e6
        self.refused = refused
        self.broken = broken
        p50Ms = Double(p50) / 1_000
        p99Ms = Double(p99) / 1_000
    }
}
