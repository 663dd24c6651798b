/// How often Twilio repeats a callback, from the URL's fragment `#rc=5&rp=all`
/// (twilio.com/docs/usage/webhooks/webhooks-connection-overrides). By default once, and only if it could not connect.
struct CallbackPolicy: Sendable, Equatable {
    var retries = 1
    /// `4xx`, `5xx`, `ct`, `rt`, `all`
    var reasons: Set<String> = ["ct"]

    init(url: String) {
        guard let mark = url.firstIndex(of: "#") else { return }
        for pair in url[url.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "rc": retries = min(max(Int(parts[1]) ?? 1, 0), 5)
            case "rp": reasons = Set(parts[1].split(separator: ",").map(String.init))
            default: continue
            }
        }
    }

    /// - Parameter status: nil when there was no answer.
    func repeats(after status: Int?) -> Bool {
        if reasons.contains("all") { return status.map { $0 >= 400 } ?? true }
        switch status {
        case nil: return reasons.contains("ct")
        case .some(400..<500): return reasons.contains("4xx")
        case .some(500...): return reasons.contains("5xx")
        default: return false
        }
    }

    static func withoutFragment(_ url: String) -> String {
        String(url.prefix { $0 != "#" })
    }
}
