/// What a shop is known by, whatever its platform: the domain it has at Shopify, else the host name it is put under.
/// Only what passes here becomes a key of a topic.
public enum ShopName {
    /// The platforms' names, as records and messages have them.
    public static let shopify = "shopify"
    public static let orders = "orders"

    /// The name in lower case; nil for what is neither a Shopify domain nor another host name: labels of letters,
    /// digits and dashes, at least two, of at most 253 bytes (RFC 1123 §2.1); never an IP address, never below
    /// `myshopify.com`.
    public static func validate(_ text: String) -> String? {
        ShopDomain.validate(text) ?? host(text)
    }

    /// Whose shops have such names: a name belongs to one platform only.
    ///
    /// - Parameter name: as ``validate(_:)`` gave it.
    public static func platform(of name: String) -> String {
        ShopDomain.validate(name) == nil ? orders : shopify
    }

    private static func host(_ text: String) -> String? {
        guard text.utf8.count <= 253, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let name = text.lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(isLabel), let last = labels.last,
            !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }), labels.suffix(2) != ["myshopify", "com"]
        else { return nil }
        return name
    }

    private static func isLabel(_ label: Substring) -> Bool {
        let dash = UInt8(ascii: "-")
        return (1...63).contains(label.utf8.count) && label.utf8.first != dash && label.utf8.last != dash
            && label.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == dash
            }
    }
}
