/// One line (or, for a histogram, group of lines) of the exposition: a family's member with its own labels.
protocol MetricSeries: AnyObject, Sendable {
    /// `labels` are rendered, without braces.
    func samples(_ name: String, _ labels: String) -> [String]
}

/// A series whose value is asked for when somebody looks; nil leaves it out.
final class SampledSeries: MetricSeries {
    private let read: @Sendable () -> Double?

    init(_ read: @escaping @Sendable () -> Double?) {
        self.read = read
    }

    func samples(_ name: String, _ labels: String) -> [String] {
        read().map { ["\(name)\(Exposition.braces(labels)) \(Exposition.number($0))"] } ?? []
    }
}
