/// The key of `otp.customers`: `shop/hash of the number`. A shop's name holds no slash.
struct CustomerKey: Hashable {
    let shop: String
    let phoneHash: String

    init(shop: String, phoneHash: String) {
        self.shop = shop
        self.phoneHash = phoneHash
    }

    init?(_ text: String) {
        guard let (shop, phoneHash) = halves(text) else { return nil }
        self.init(shop: shop, phoneHash: phoneHash)
    }

    var text: String { "\(shop)/\(phoneHash)" }
}
