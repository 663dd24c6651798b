import Foundation

/// How long a run lasts and how rough it is. The seed decides what is done and in which order; the moments at which
/// processes notice are the machine's.
struct ChaosPlan: Sendable {
    var seed: UInt64
    /// How long orders come in and daemons are struck; the drain comes on top.
    var seconds: Int
    var ordersPerSecond: Double
    var mostOrders: Int
    /// Between two blows.
    var calmSeconds: ClosedRange<Double>
    /// How long a process stands still when it is stopped. Longer than the session only where the mode promises to be
    /// safe against it.
    var stopSeconds: ClosedRange<Double>
    var isExactlyOnce: Bool
    var isRealBroker: Bool
    var sessionMs: Int

    static let partitions: Int32 = 4
    static let secondsVariable = "OTP_CHAOS_SECONDS"
    static let seedVariable = "OTP_CHAOS_SEED"

    /// `at-least-once` asks for that on a real broker as well; the mock knows nothing else.
    static let deliveryVariable = "OTP_CHAOS_DELIVERY"

    /// The short run, or as long and as seeded as the environment says.
    init(environment: [String: String], isRealBroker: Bool) {
        seed = environment[Self.seedVariable].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999)
        seconds = environment[Self.secondsVariable].flatMap { Int($0) } ?? 60
        self.isRealBroker = isRealBroker
        isExactlyOnce = isRealBroker && environment[Self.deliveryVariable] != "at-least-once"
        ordersPerSecond = 1.5
        // The mock keeps 5 MiB of a partition, the stand-in Twilio 2,000 texts.
        mostOrders = isRealBroker ? 1200 : 150
        calmSeconds = 1.5...4
        sessionMs = isRealBroker ? 6000 : 3000
        stopSeconds = isExactlyOnce ? 8...11 : 0.3...1.2
    }

    /// A stream of its own for each who acts, so that one's pace does not change another's choices.
    func chance(_ name: String) -> Chance { Chance(seed: seed, name) }

    /// As a man types it to have the same again.
    var command: String {
        "compose/chaos --seconds \(seconds) --seed \(seed)"
            + (isRealBroker && !isExactlyOnce ? " --delivery at-least-once" : "")
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same seed and name give the same numbers everywhere.
struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64, _ name: String) {
        // FNV-1a of the name.
        state = name.utf8.reduce(seed ^ 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func happens(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &self)]
    }
}
