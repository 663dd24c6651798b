import Model
import Runtime
import Security

/// What the desk holds a request against before it becomes a text: the operator's limits and test numbers.
struct SendGuard: Sendable {
    var limits = NumberLimits()
    /// The keyed hashes of the operator's test numbers.
    var testPhones: Set<String> = []
    /// For whoever has to know that a range was blocked; names no range.
    let blocked: RateLimitedWarning

    /// The four bytes by which a phone's or range's row tells shops apart.
    static func tag(of shop: String) -> UInt32 {
        Digest.sha256(Array(shop.utf8)).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension SendGuard {
    static let limitsParameter = Parameter(
        "OTP_LIMITS",
        kind: .custom { text in
            if case .failure(let problem) = NumberLimits.parse(text) { problem.reason } else { nil }
        },
        help: "texts to one phone and into one range of numbers, name=number by comma, where not as built in")

    init(_ context: DaemonContext, testPhones: Set<String>) throws {
        self.testPhones = testPhones
        limits = try NumberLimits.parse(context.configuration.optionalText(Self.limitsParameter.name) ?? "").get()
        blocked = RateLimitedWarning(context.log, context.clock)
    }
}
