import Base
import FoundationEssentials
import Security

/// Random names as the platforms make them.
enum RandomName {
    /// 32 random hexadecimal digits behind a prefix, as in `SM…` and `shpat_…`.
    static func make(_ prefix: String = "") -> String {
        prefix + Hex.encode(randomBytes(16))
    }

    /// A random UUID in lower case.
    static func uuid() -> String {
        UUID().uuidString.lowercased()
    }
}
