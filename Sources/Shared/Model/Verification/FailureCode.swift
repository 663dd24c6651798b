/// A failed text's reason where others get to see it: in outcomes, records and notes on orders.
public enum FailureCode {
    /// The reason, if it is a code; what a provider words freely is for nobody else.
    public static func of(_ reason: String) -> String? {
        let isCode = reason.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x20: true
            default: false
            }
        }
        return isCode && (1...40).contains(reason.utf8.count) ? reason : nil
    }
}
