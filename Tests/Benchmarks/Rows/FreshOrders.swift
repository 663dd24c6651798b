import Base
import Foundation

/// Orders of now that start a verification each, to phones that no limit stops: one number each, few of them in a
/// range.
struct FreshOrders {
    static let settings = #"{"dailyCap":0,"timerSeconds":3600}"#
    private static let areas = [
        201, 202, 203, 206, 212, 213, 214, 215, 216, 303, 305, 312, 404, 415, 512, 602, 617, 702, 713, 917,
    ]
    let orders: SignedOrders
    /// A number of this run's first order; those of several runs must not meet.
    var first = 0

    static func phone(_ number: Int) -> String {
        let area = areas[number % areas.count]
        let exchange = 220 + number / areas.count % 680
        return "+1\(area)\(exchange)\(String(format: "%04d", 1000 + number / (areas.count * 680)))"
    }

    /// Signed webhooks of about 2 KB, by number from `first`.
    func requests(_ count: Int) -> [[UInt8]] {
        let now = RFC3339.text(Clock.system.now())
        return (first..<first + count).map { number in
            let shop = SignedOrders.shops[number % SignedOrders.shops.count]
            let filler = String(repeating: "n", count: 1_500)
            let body =
                ##"{"id":\##(7_000_000 + number),"name":"#\##(number)","created_at":"\##(now)","updated_at":"\##(now)","##
                + #""source_name":"web","confirmed":true,"test":false,"financial_status":"pending","customer_locale":"en","#
                + #""shipping_address":{"phone":"\#(Self.phone(number))","country_code":"US"},"note":"\#(filler)"}"#
            return orders.request(shop: shop, delivery: "f\(number)", body: Array(body.utf8))
        }
    }
}
