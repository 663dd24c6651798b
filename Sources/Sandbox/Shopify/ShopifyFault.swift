/// How the stand-in Shopify has been told to misbehave.
struct ShopifyFault: Sendable, Codable, Equatable {
    enum Mode: String, Sendable, Codable {
        /// HTTP 200 with the error THROTTLED.
        case throttle
        /// HTTP 200 with an entry in userErrors.
        case userError
        /// Another HTTP status: `status`.
        case status
        /// No answer, and nothing done.
        case hangBefore
        /// No answer, though it was done.
        case hangAfter
        /// HTTP 200 with the error ACCESS_DENIED for a field of each order: `field`.
        case refuseField
    }

    var mode: Mode
    /// `tagsAdd`, `orderCancel`…; nil is any.
    var operation: String?
    var status: Int?
    var message: String?
    /// Of a userError, such as `INVALID`.
    var code: String?
    /// What a refuseField refuses, `customer` by default; `orders` is all of them.
    var field: String?
    /// How many calls; nil until it is cleared.
    var times: Int?

    /// Takes the first that fits and counts it.
    static func take(from faults: inout [ShopifyFault], operation: String) -> ShopifyFault? {
        guard let index = faults.firstIndex(where: { $0.operation == nil || $0.operation == operation }) else {
            return nil
        }
        let fault = faults[index]
        if let times = fault.times {
            faults[index].times = times - 1
            if times <= 1 { faults.remove(at: index) }
        }
        return fault
    }
}
