import HTTP
import Pipeline
import Runtime
import Security

/// What the sandbox's world is made of; from the environment in the program, written down in tests.
struct SandboxSettings: Sendable {
    /// The four daemons it talks to or waits for, without a slash at the end.
    struct Daemons: Sendable {
        var ingest: String
        var sender: String
        var verifier: String
        var reaper: String

        var all: [(name: String, url: String)] {
            [("otp-ingest", ingest), ("otp-sender", sender), ("otp-verifier", verifier), ("otp-reaper", reaper)]
        }
    }

    var topology: Topology
    /// Loopback; port 0 is a free one.
    var kafka: HostPort
    /// How many brokers the mock Kafka has; all but the first on free ports.
    var brokers = 1
    var daemons: Daemons
    var adminToken: Secret
    var shopifyClientSecret: Secret
    var shopifyClientId = "sandbox-client-id"
    var twilio: StandInTwilio.Account
    var twilioPace = StandInTwilio.Pace()
    var shopifyPace = StandInShopify.Pace()
}
