import Foundation

/// The month a moment is in, as `2026-11`, where a shop is. A time zone nobody knows counts as UTC. Confined to its
/// lane.
final class ShopMonths {
    private struct Month {
        let text: String
        let start: Int64
        let end: Int64
    }

    /// By time zone, the month asked for last: boundaries are looked up once a month, not once an order.
    private var recent: [String: Month] = [:]

    /// - Parameters:
    ///   - time: milliseconds since 1970.
    ///   - zone: IANA, `Asia/Kolkata`.
    func month(of time: Int64, in zone: String?) -> String {
        let zone = zone ?? "UTC"
        if let known = recent[zone], (known.start..<known.end).contains(time) { return known.text }
        let month = Self.month(of: time, TimeZone(identifier: zone) ?? .gmt)
        recent[zone] = month
        return month.text
    }

    private static func month(of time: Int64, _ zone: TimeZone) -> Month {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let date = Date(timeIntervalSince1970: Double(time) / 1000)
        let parts = calendar.dateComponents([.year, .month], from: date)
        let (year, number) = (parts.year ?? 1970, parts.month ?? 1)
        let text = "\(year)-\(number < 10 ? "0" : "")\(number)"
        guard let interval = calendar.dateInterval(of: .month, for: date) else {
            return Month(text: text, start: time, end: time + 1)
        }
        return Month(
            text: text, start: Int64(interval.start.timeIntervalSince1970 * 1000),
            end: Int64(interval.end.timeIntervalSince1970 * 1000))
    }
}
