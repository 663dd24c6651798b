import Foundation
import Model

/// What was done to orders at the shop.
extension Audit {
    private static let marker = "[otp-guard "
    private static let tags: Set<String> = ["otp-verified", "otp-cancelled", "otp-unverified"]

    /// Each settlement was carried out, once, and is what the record says.
    mutating func checkShop() {
        let openedLate = openedAfterSkip()
        for order in acceptedOrders {
            guard let last = last(order.gid), let shop = evidence.shopOrders[order.gid] else { continue }
            let name = "\(order.gid) (\(ids[order.gid] ?? "?"))"
            let byMerchant = evidence.merchantCancelled.contains(order.gid)
            let ours = shop.tags.filter { Self.tags.contains($0) }
            let notes = (shop.note ?? "").components(separatedBy: Self.marker).count - 1
            if ours.count > 1 { note(.oneSettlement, "\(name) carries \(ours)") }
            // Each number that was asked has one of its own, and so has what could not be asked at first.
            let isLate = ids[order.gid].map(openedLate.contains) ?? false
            let mostNotes = 1 + last.roundNumber + (isLate ? 1 : 0)
            if notes > mostNotes { note(.oneSettlement, "\(name) has \(notes) notes of ours") }
            let cancelled = shop.timeline?.count { $0.kind == "order.cancelled" } ?? 0
            if cancelled > 1 { note(.oneSettlement, "\(name) was cancelled \(cancelled) times") }
            if let asked = shop.timeline?.count(where: { $0.kind == "cancel.asked" }), asked > 1 {
                figures.add("cancellations asked for again", asked - 1)
            }
            checkState(name, last, shop, ours, 1...mostNotes ~= notes, byMerchant: byMerchant)
        }
    }

    private mutating func checkState(
        _ name: String, _ last: Verification, _ shop: ChaosWorld.ShopOrder, _ tags: [String], _ isNoted: Bool,
        byMerchant: Bool
    ) {
        if last.status == .verified, shop.cancelled, !byMerchant {
            note(.verifiedStands, "\(name) is verified and cancelled at the shop")
        }
        if last.status == .verified, last.settlement?.action == .cancel {
            note(.verifiedStands, "\(name) is verified and meant to be cancelled")
        }
        guard last.status != .pending else { return }
        guard let settlement = last.settlement, let result = settlement.result else {
            // A merchant's own cancellation leaves nothing to do.
            if last.status != .cancelled { note(.oneSettlement, "\(name), \(last.status), is not settled") }
            return
        }
        figures.add("settled: \(settlement.action.rawValue), \(result.rawValue)")
        let expected: (tag: String?, isCancelled: Bool?)
        switch result {
        case .tagged: expected = (settlement.action == .tagVerified ? "otp-verified" : "otp-unverified", nil)
        case .cancelledByUs: expected = ("otp-cancelled", true)
        case .fulfilled, .paid: expected = ("otp-unverified", nil)
        case .cancelledByMerchant: expected = (nil, true)
        case .nothing: expected = (nil, nil)
        case .impossible:
            return note(.oneSettlement, "\(name): the settlement \(settlement.action.rawValue) ended as impossible")
        }
        if tags != [expected.tag].compactMap({ $0 }) {
            note(.oneSettlement, "\(name): \(result.rawValue), but tagged \(tags)")
        }
        if expected.tag != nil, !isNoted {
            note(.oneSettlement, "\(name): \(result.rawValue), not noted as often as it may be")
        }
        if let isCancelled = expected.isCancelled, shop.cancelled != isCancelled {
            note(.oneSettlement, "\(name): \(result.rawValue), cancelled at the shop: \(shop.cancelled)")
        }
        if shop.cancelled, result != .cancelledByUs, result != .cancelledByMerchant, !byMerchant {
            note(.oneSettlement, "\(name): \(result.rawValue), but cancelled at the shop by us")
        }
    }
}
