import Synchronization

/// The numbers of one daemon, for Prometheus. Ask for a series once and keep it: its own updates take no lock (a
/// histogram's: a short one), asking takes the registry's. The same name and labels give the same series. A bad name,
/// or one name with two kinds, is a bug and traps. Labels hold reasons and kinds, never anything of people or shops.
public final class Metrics: Sendable {
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    private struct Family {
        let kind: Kind
        let help: String
        var order: [String] = []
        var series: [String: any MetricSeries] = [:]
    }

    private let families: Mutex<[String: Family]> = Mutex([:])

    public init() {}

    /// Name it `…_total`.
    public func counter(_ name: String, help: String, labels: [(String, String)] = []) -> Counter {
        series(name, .counter, help, labels) { Counter() }
    }

    public func gauge(_ name: String, help: String, labels: [(String, String)] = []) -> Gauge {
        series(name, .gauge, help, labels) { Gauge() }
    }

    /// `buckets` are ascending upper bounds; the unit (seconds, bytes) belongs into the name.
    public func histogram(
        _ name: String, help: String, labels: [(String, String)] = [], buckets: [Double] = Histogram.latencies
    ) -> Histogram {
        series(name, .histogram, help, labels) { Histogram(bounds: buckets) }
    }

    /// A counter or gauge whose value is read when somebody looks (nil: left out); must not block. Sampling the same
    /// series again replaces the reader.
    public func sample(
        _ name: String, help: String, kind: Kind = .gauge, labels: [(String, String)] = [],
        read: @escaping @Sendable () -> Double?
    ) {
        precondition(kind != .histogram, "a histogram can't be sampled")
        register(name, kind, help, labels) { _ in SampledSeries(read) }
    }

    /// All of it in text format 0.0.4, by name.
    public func exposition() -> [UInt8] {
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            let lines = family.order.flatMap { family.series[$0]?.samples(name, $0) ?? [] }
            guard !lines.isEmpty else { continue }
            text += "# HELP \(name) \(Exposition.help(family.help))\n# TYPE \(name) \(family.kind.rawValue)\n"
            for line in lines { text += line + "\n" }
        }
        return Array(text.utf8)
    }

    private func series<Series: MetricSeries>(
        _ name: String, _ kind: Kind, _ help: String, _ labels: [(String, String)], make: () -> Series
    ) -> Series {
        let made = register(name, kind, help, labels) { $0 as? Series ?? make() }
        guard let series = made as? Series else { preconditionFailure("\(name) is sampled elsewhere") }
        return series
    }

    @discardableResult
    private func register(
        _ name: String, _ kind: Kind, _ help: String, _ labels: [(String, String)],
        choose: ((any MetricSeries)?) -> any MetricSeries
    ) -> any MetricSeries {
        precondition(Exposition.isName(name, colons: true), "\(name) is no metric name")
        let key = Exposition.labels(labels)
        return families.withLock { families in
            let known = families[name]?.kind ?? kind
            precondition(known == kind, "\(name) is a \(known) already")
            let series = choose(families[name]?.series[key])
            // In place: a family taken out and put back would be copied with all its series.
            if families[name, default: Family(kind: kind, help: help)].series.updateValue(series, forKey: key) == nil {
                families[name]?.order.append(key)
            }
            return series
        }
    }
}
