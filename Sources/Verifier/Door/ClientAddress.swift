import Glibc

/// Who is at the other end, as far as limits are concerned: an IPv4 address, or the /64 of an IPv6 address (what one
/// customer is given, RFC 6177).
struct ClientAddress: Hashable, Sendable {
    /// The address as IPv6, an IPv4 one mapped (RFC 4291 §2.5.5.2).
    private var high: UInt64
    private var low: UInt64

    private static let mapped: UInt64 = 0xFFFF_0000_0000

    /// Nil for what is no numeric address. A port and brackets may be there.
    init?(_ text: some StringProtocol) {
        let bytes = text.utf8.filter { $0 != 0x20 }
        let host: String
        if bytes.first == UInt8(ascii: "["), let end = bytes.firstIndex(of: UInt8(ascii: "]")) {
            host = String(decoding: bytes[1..<end], as: UTF8.self)
        } else if bytes.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
            host = String(decoding: bytes.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        } else {
            host = String(decoding: bytes, as: UTF8.self)
        }
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            (high, low) = (0, Self.mapped | UInt64(UInt32(bigEndian: four.s_addr)))
        } else if inet_pton(AF_INET6, host, &six) == 1 {
            (high, low) = withUnsafeBytes(of: &six) { bytes in
                (
                    UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
        } else {
            return nil
        }
    }

    var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// What limits are counted by.
    var counted: ClientAddress {
        guard !isIPv4 else { return self }
        var network = self
        network.low = 0
        return network
    }

    /// Of a network that is not the internet's (RFC 1918, 3927, 4193, 4291): no shopper's from outside.
    var isPrivate: Bool { Self.privateNetworks.contains { isIn($0.address, bits: $0.bits) } }

    private static let privateNetworks = TrustedProxies.networks([
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "::1", "fc00::/7",
        "fe80::/10",
    ])

    func isIn(_ network: ClientAddress, bits: Int) -> Bool {
        let highMask: UInt64 = bits >= 64 ? .max : bits == 0 ? 0 : ~(.max >> UInt64(bits))
        let lowMask: UInt64 = bits >= 128 ? .max : bits <= 64 ? 0 : ~(.max >> UInt64(bits - 64))
        return high & highMask == network.high & highMask && low & lowMask == network.low & lowMask
    }
}

extension ClientAddress: CustomStringConvertible {
    var description: String {
        guard !isIPv4 else { return (0..<4).map { String(low >> (24 - 8 * UInt64($0)) & 0xFF) }.joined(separator: ".") }
        return [high, low].flatMap { half in (0..<4).map { String(half >> (48 - 16 * UInt64($0)) & 0xFFFF, radix: 16) }
        }
        .joined(separator: ":")
    }
}

/// `OTP_TRUSTED_PROXIES`: whose `X-Forwarded-For` is believed.
struct TrustedProxies: Sendable {
    private let networks: [(address: ClientAddress, bits: Int)]

    /// - Parameter entries: addresses and networks (`10.0.0.0/8`), checked before.
    init(_ entries: [String]) {
        networks = Self.networks(entries)
    }

    fileprivate static func networks(_ entries: [String]) -> [(address: ClientAddress, bits: Int)] {
        entries.compactMap { entry in
            let parts = entry.split(separator: "/", maxSplits: 1)
            guard let address = parts.first.flatMap({ ClientAddress($0) }) else { return nil }
            let bits = parts.count == 2 ? Int(parts[1]) ?? 128 : address.isIPv4 ? 32 : 128
            return (address, address.isIPv4 ? bits + 96 : bits)
        }
    }

    private func trusts(_ address: ClientAddress) -> Bool {
        networks.contains { address.isIn($0.address, bits: $0.bits) }
    }

    /// Who a request is from.
    struct Origin: Equatable {
        /// What limits are counted by; nil for a peer without an address.
        var client: ClientAddress?
        /// Who passed it on without being named here: it stands for everybody behind it.
        var unnamed: ClientAddress?
    }

    /// The client is the last address that no proxy of ours stands for: each of them appended the one it was called by.
    ///
    /// - Parameters:
    ///   - peer: who the connection is with.
    ///   - forwardedFor: every `X-Forwarded-For`, in order. Of strangers it is not believed.
    func origin(peer: String, forwardedFor: [String]) -> Origin {
        let entries = forwardedFor.joined(separator: ",").utf8.split(separator: UInt8(ascii: ","))
            .filter { entry in entry.contains { $0 != 0x20 && $0 != 0x09 } }
        guard var client = ClientAddress(peer) else { return Origin() }
        guard trusts(client) else {
            return Origin(client: client.counted, unnamed: entries.isEmpty ? nil : client)
        }
        for (index, entry) in entries.enumerated().reversed() {
            guard let address = ClientAddress(Substring(entry)) else { break }
            client = address
            guard !trusts(address) else { continue }
            // A private address that others are said to have called is a second proxy.
            let isProxy = index > 0 && address.isPrivate
            return Origin(client: client.counted, unnamed: isProxy ? address : nil)
        }
        return Origin(client: client.counted)
    }

    /// ``origin(peer:forwardedFor:)``'s client alone.
    func client(peer: String, forwardedFor: [String]) -> ClientAddress? {
        origin(peer: peer, forwardedFor: forwardedFor).client
    }
}
