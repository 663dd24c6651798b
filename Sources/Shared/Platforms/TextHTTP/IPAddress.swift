import Glibc

/// An address of a host, and whether the internet routes to it: the rest (IANA's special-purpose registries,
/// RFC 6890 and later) is our own machine, our own network or nobody.
public struct IPAddress: Hashable, Sendable {
    /// 4 or 16.
    public let bytes: [UInt8]

    /// Nil for another number of bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// `192.0.2.1` or `2001:db8::1`, without brackets or zone.
    public init?(_ text: String) {
        var four = [UInt8](repeating: 0, count: 4)
        var sixteen = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = four
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            bytes = sixteen
        } else {
            return nil
        }
    }

    /// Whether it may belong to a host of the internet. An IPv6 address that stands for an IPv4 one is as that is.
    public var isPublic: Bool {
        guard bytes.count == 16 else { return !Self.special4.contains { $0.contains(bytes) } }
        for (range, offset) in Self.translated where range.contains(bytes) {
            return IPAddress(bytes: Array(bytes[offset..<offset + 4]))?.isPublic ?? false
        }
        return Self.global6.contains(bytes) && !Self.special6.contains { $0.contains(bytes) }
    }

    /// 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    private struct Range: Sendable {
        let prefix: [UInt8]
        let bits: Int

        init(_ address: String, _ bits: Int) {
            prefix = IPAddress(address)?.bytes ?? []
            self.bits = bits
        }

        func contains(_ bytes: [UInt8]) -> Bool {
            guard bytes.count == prefix.count else { return false }
            let whole = bits / 8
            guard bytes.prefix(whole) == prefix.prefix(whole) else { return false }
            guard bits % 8 > 0 else { return true }
            let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - bits % 8))
            return bytes[whole] & mask == prefix[whole] & mask
        }
    }

    private static let special4 = [
        // Unspecified, private, carrier-grade NAT, loopback, link-local.
        Range("0.0.0.0", 8), Range("10.0.0.0", 8), Range("100.64.0.0", 10), Range("127.0.0.0", 8),
        Range("169.254.0.0", 16), Range("172.16.0.0", 12), Range("192.168.0.0", 16),
        // Protocols, documentation, 6to4 relays, benchmarks.
        Range("192.0.0.0", 24), Range("192.0.2.0", 24), Range("192.88.99.0", 24), Range("198.18.0.0", 15),
        Range("198.51.100.0", 24), Range("203.0.113.0", 24),
        // Multicast, reserved, broadcast.
        Range("224.0.0.0", 4), Range("240.0.0.0", 4),
    ]

    /// Only here are addresses given to hosts of the internet (RFC 4291 §2.4): loopback, unique local, link-local and
    /// multicast lie outside.
    private static let global6 = Range("2000::", 3)
    /// Protocols (Teredo among them), documentation.
    private static let special6 = [Range("2001::", 23), Range("2001:db8::", 32), Range("3fff::", 20)]
    /// Mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056), and at which byte their IPv4 address begins.
    private static let translated = [
        (Range("::ffff:0:0", 96), 12), (Range("64:ff9b::", 96), 12), (Range("2002::", 16), 2),
    ]
}
