/// Every shopper of a test has an address of its own, of those kept for benchmarks (RFC 2544): the daemons believe it,
/// because the tests run where their proxy would.
public enum ShopperAddress {
    public static func of(_ token: String) -> String {
        let hash = token.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return "198.18.\(hash >> 8 & 0xFF).\(hash & 0xFF)"
    }
}
