import Model
import Platforms

/// How a shop wants its orders cancelled, by its settings as they are when it is done.
struct CancelPolicy: Equatable, Sendable {
    /// The most that Shopify takes for a note to the staff, in UTF-16 units to be on the safe side.
    static let longestNote = 255

    var refund = true
    var restock = true
    var notifyCustomer = false
    /// What the shop wants its staff to read first.
    var staffNote: String?

    init(_ settings: ShopSettings = ShopSettings()) {
        refund = settings.refundOnCancel ?? true
        restock = settings.restockOnCancel ?? true
        notifyCustomer = settings.notifyOnCancel ?? false
        staffNote = settings.staffNote
    }

    /// - Parameter line: our own words for the staff; what does not fit behind the shop's is cut.
    func cancellation(of order: String, _ line: String) -> OrderCancellation {
        let note = staffNote.map { "\($0) \(line)" } ?? line
        return OrderCancellation(
            orderGid: order, reason: .other, refund: refund, restock: restock, notifyCustomer: notifyCustomer,
            staffNote: Self.cut(note))
    }

    /// Whole characters only.
    private static func cut(_ note: String) -> String {
        var end = note.startIndex
        var length = 0
        for index in note.indices {
            length += note[index].utf16.count
            guard length <= longestNote else { break }
            end = note.index(after: index)
        }
        return String(note[..<end])
    }
}
