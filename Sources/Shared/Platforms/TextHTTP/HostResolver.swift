import Dispatch
import Glibc

/// The system's resolver: hosts file, DNS, numbers in all of their spellings (`127.1`, `0x7f000001`).
public enum HostResolver {
    /// All addresses of a host; empty when there are none or nobody could be asked. Takes as long as `resolv.conf`
    /// allows (by default 5 s, twice, for each server), on a thread that may be kept waiting.
    public static let system: @Sendable (_ host: String) async -> [IPAddress] = { host in
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: look(up: host)) }
        }
    }

    private static func look(up host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0, let first = list else { return [] }
        defer { freeaddrinfo(first) }
        return sequence(first: first, next: { $0.pointee.ai_next }).compactMap { address(of: $0.pointee) }
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        let base = UnsafeRawPointer(entry.ai_addr)
        switch entry.ai_family {
        case AF_INET:
            let address = base?.loadUnaligned(as: sockaddr_in.self).sin_addr
            return address.flatMap { address in
                withUnsafeBytes(of: address) { IPAddress(bytes: Array($0)) }
            }
        case AF_INET6:
            let address = base?.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return address.flatMap { address in
                withUnsafeBytes(of: address) { IPAddress(bytes: Array($0)) }
            }
        default: return nil
        }
    }
}
