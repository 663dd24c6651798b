/// A shop's permanent name at Shopify. Only what passes here becomes part of a URL or a key.
public enum ShopDomain {
    /// The domain in lower case if it is `^[a-zA-Z0-9][a-zA-Z0-9\-]*\.myshopify\.com$` and at most 255 bytes, else nil.
    /// Source: shopify.dev, "Authorization code grant", verification of the `shop` parameter.
    public static func validate(_ text: String) -> String? {
        let suffix = ".myshopify.com"
        guard text.utf8.count <= 255, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let domain = text.lowercased()
        guard domain.hasSuffix(suffix) else { return nil }
        let label = domain.utf8.dropLast(suffix.utf8.count)
        guard let first = label.first, first != UInt8(ascii: "-"), label.allSatisfy(isLabelByte) else { return nil }
        return domain
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
    }
}
