import Foundation

/// The broker a world runs on: the sandbox's mock, at-least-once; or a real one (`OTP_TEST_BROKERS`), exactly-once, under
/// a prefix of this world's own.
struct Broker: Sendable {
    let address: String
    let prefix: String
    let isReal: Bool

    static let real = ProcessInfo.processInfo.environment["OTP_TEST_BROKERS"].flatMap { $0.isEmpty ? nil : $0 }

    init(mockPort: UInt16) {
        isReal = Self.real != nil
        address = Self.real ?? "127.0.0.1:\(mockPort)"
        prefix = isReal ? "journey-\(UUID().uuidString.prefix(8).lowercased())." : "otp."
    }

    var environment: [String: String] {
        [
            "OTP_KAFKA_BROKERS": address, "OTP_TOPIC_PREFIX": prefix,
            "OTP_DELIVERY": isReal ? "exactly-once" : "at-least-once",
            "OTP_KAFKA_OPTIONS": isReal
                ? "" : "fetch.wait.max.ms=5,session.timeout.ms=3000,heartbeat.interval.ms=300",
        ]
    }
}

/// What each process of the world is started with.
enum Environment {
    static let daemons = ["otp-sandbox", "otp-ingest", "otp-sender", "otp-verifier", "otp-reaper"]

    static func of(
        _ daemon: String, _ ports: World.Ports, _ secrets: World.Secrets, _ broker: Broker
    ) -> [String: String] {
        let account = "AC" + String(repeating: "1", count: 32)
        let service = "MG" + String(repeating: "2", count: 32)
        let twilio = [
            "OTP_TWILIO_ACCOUNT_SID": account, "OTP_TWILIO_AUTH_TOKEN": secrets.authToken,
            "OTP_TWILIO_MESSAGING_SERVICE_SID": service, "OTP_TWILIO_URL": "http://127.0.0.1:\(ports.sandbox)/twilio",
        ]
        let keys = ["OTP_ID_KEY": secrets.idKey, "OTP_KEYRING": "k1:\(secrets.ring)"]
        let kafka = broker.environment
        func bind(_ port: UInt16) -> [String: String] {
            ["OTP_HTTP_BIND": "127.0.0.1:\(port)", "OTP_PARTITIONS": "4", "OTP_LOG_LEVEL": "debug"]
        }
        let publicURL = ["OTP_PUBLIC_URL": "http://127.0.0.1:\(ports.verifier)"]
        let webhookURL = ["OTP_WEBHOOK_URL": "http://127.0.0.1:\(ports.ingest)"]
        let parts: [[String: String]]
        switch daemon {
        case "otp-sandbox":
            parts = [
                bind(ports.sandbox), twilio.filter { $0.key != "OTP_TWILIO_URL" },
                [
                    "OTP_SANDBOX_KAFKA": "127.0.0.1:\(ports.kafka)",
                    "OTP_SANDBOX_INGEST_URL": "http://127.0.0.1:\(ports.ingest)",
                    "OTP_SANDBOX_SENDER_URL": "http://127.0.0.1:\(ports.sender)",
                    "OTP_SANDBOX_VERIFIER_URL": "http://127.0.0.1:\(ports.verifier)",
                    "OTP_SANDBOX_REAPER_URL": "http://127.0.0.1:\(ports.reaper)",
                    "OTP_SHOPIFY_CLIENT_SECRET": secrets.clientSecret, "OTP_ADMIN_TOKEN": secrets.adminToken,
                ],
            ]
        case "otp-ingest":
            parts = [
                bind(ports.ingest), kafka, keys, twilio, webhookURL, publicURL,
                [
                    "OTP_SHOPIFY_CLIENT_SECRET": secrets.clientSecret, "OTP_ADMIN_TOKEN": secrets.adminToken,
                    "OTP_ALLOW_SHORT_TIMERS": "1",
                ],
            ]
        case "otp-sender":
            parts = [bind(ports.sender), kafka, keys, twilio, webhookURL, publicURL, ["OTP_BCRYPT_COST": "4"]]
        case "otp-verifier":
            parts = [bind(ports.verifier), kafka, keys]
        default:
            parts = [
                bind(ports.reaper), kafka, keys,
                ["OTP_SHOPIFY_URL": "http://127.0.0.1:\(ports.sandbox)/shopify/{shop}"],
            ]
        }
        return parts.reduce(into: [:]) { $0.merge($1) { $1 } }
    }
}
