/// What a verification is about: the order, where its text goes, and the shop's settings as they were when it opened.
///
/// `phone` is sealed under the shop's data key for the reader of `otp.requests` (Sender); nobody else opens it.
public struct Subject: Codable, Hashable, Sendable {
    public var platform: String
    public var shop: String
    /// The order's platform id, for example `gid://shopify/Order/1001`.
    public var order: String
    /// What people call the order, for example `#1001`.
    public var orderName: String?
    /// The number of the shop's data key that sealed `phone`.
    public var shopVersion: Int64
    public var phone: Sealed
    public var phoneHash: String
    public var phoneMask: String
    /// The keyed hash of the number without its last four digits: partition key of `otp.requests`.
    public var range: String
    public var customerHash: String?
    public var locale: String?
    /// The id of the key in the keyring that codes and guesses of this verification use.
    public var keyId: String
    public var timerSeconds: Int
    /// How long a code lives; never longer than the timer.
    public var codeSeconds: Int
    public var codeLength: Int
    /// What the shopper is told by text beside the code; nil for nothing.
    public var words: [TextKind]?
    /// Whether the order was still to be paid when its verification was opened; nil where that is not known.
    public var unpaid: Bool?

    public init(
        platform: String, shop: String, order: String, orderName: String?, shopVersion: Int64, phone: Sealed,
        phoneHash: String, phoneMask: String, range: String, customerHash: String?, locale: String?, keyId: String,
        timerSeconds: Int, codeSeconds: Int, codeLength: Int, words: [TextKind]? = nil,
        unpaid: Bool? = nil
    ) {
        self.platform = platform
        self.shop = shop
        self.order = order
        self.orderName = orderName
        self.shopVersion = shopVersion
        self.phone = phone
        self.phoneHash = phoneHash
        self.phoneMask = phoneMask
        self.range = range
        self.customerHash = customerHash
        self.locale = locale
        self.keyId = keyId
        self.timerSeconds = timerSeconds
        self.codeSeconds = min(codeSeconds, timerSeconds)
        self.codeLength = codeLength
        self.words = words
        self.unpaid = unpaid
    }

    /// Whether its numbers can be meant, so that reckoning with them can't overflow.
    public var isPlausible: Bool {
        let seconds = 1...1_000_000
        return seconds.contains(timerSeconds) && seconds.contains(codeSeconds) && (4...10).contains(codeLength)
            && (0..<Int64.max).contains(shopVersion)
    }
}
