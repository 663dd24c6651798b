import Foundation

/// The broker a world runs on: the sandbox's mock, at-least-once; or a real one (`OTP_TEST_BROKERS`), exactly-once,
/// under a prefix of this world's own.
package struct Broker: Sendable {
    package let address: String
    package let prefix: String
    package let isReal: Bool

    package static let real = ProcessInfo.processInfo.environment["OTP_TEST_BROKERS"].flatMap { $0.isEmpty ? nil : $0 }

    package init(mockPort: UInt16) {
        isReal = Self.real != nil
        address = Self.real ?? "127.0.0.1:\(mockPort)"
        prefix = isReal ? "journey-\(UUID().uuidString.prefix(8).lowercased())." : "otp."
    }

    package var environment: [String: String] {
        [
            "OTP_KAFKA_BROKERS": address, "OTP_TOPIC_PREFIX": prefix,
            "OTP_DELIVERY": isReal ? "exactly-once" : "at-least-once",
            "OTP_KAFKA_OPTIONS": isReal
                ? "session.timeout.ms=6000,heartbeat.interval.ms=1000"
                : "fetch.wait.max.ms=5,session.timeout.ms=3000,heartbeat.interval.ms=300",
        ]
    }
}

/// What each process of the world is started with.
package enum Environment {
    package static let daemons = ["otp-sandbox", "otp-ingest", "otp-sender", "otp-verifier", "otp-reaper"]

    package static func of(
        _ daemon: String, _ ports: Ports, _ secrets: Secrets, _ broker: Broker
    ) -> [String: String] {
        let account = "AC" + String(repeating: "1", count: 32)
        let service = "MG" + String(repeating: "2", count: 32)
        let twilio = [
            "OTP_TWILIO_ACCOUNT_SID": account, "OTP_TWILIO_AUTH_TOKEN": secrets.authToken,
            "OTP_TWILIO_MESSAGING_SERVICE_SID": service, "OTP_TWILIO_URL": "http://127.0.0.1:\(ports.sandbox)/twilio",
        ]
        let keys = ["OTP_ID_KEY": secrets.idKey, "OTP_KEYRING": secrets.keyring]
        let kafka = broker.environment
        func bind(_ port: UInt16) -> [String: String] {
            ["OTP_HTTP_BIND": "127.0.0.1:\(port)", "OTP_PARTITIONS": "4", "OTP_LOG_LEVEL": "debug"]
        }
        let shopifyURL = ["OTP_SHOPIFY_URL": "http://127.0.0.1:\(ports.sandbox)/shopify/{shop}"]
        let app = ["OTP_SHOPIFY_CLIENT_ID": "journey-client-id", "OTP_SHOPIFY_CLIENT_SECRET": secrets.clientSecret]
        let publicURL = ["OTP_PUBLIC_URL": "http://127.0.0.1:\(ports.verifier)"]
        let webhookURL = ["OTP_WEBHOOK_URL": "http://127.0.0.1:\(ports.ingest)"]
        let parts: [[String: String]]
        switch daemon {
        case "otp-sandbox":
            parts = [
                bind(ports.sandbox), app, twilio.filter { $0.key != "OTP_TWILIO_URL" },
                [
                    "OTP_SANDBOX_KAFKA": "127.0.0.1:\(ports.kafka)",
                    "OTP_SANDBOX_INGEST_URL": "http://127.0.0.1:\(ports.ingest)",
                    "OTP_SANDBOX_SENDER_URL": "http://127.0.0.1:\(ports.sender)",
                    "OTP_SANDBOX_VERIFIER_URL": "http://127.0.0.1:\(ports.verifier)",
                    "OTP_SANDBOX_REAPER_URL": "http://127.0.0.1:\(ports.reaper)",
                    "OTP_ADMIN_TOKEN": secrets.adminToken,
                ],
            ]
        case "otp-ingest":
            parts = [
                bind(ports.ingest), kafka, keys, twilio, webhookURL, publicURL, app, shopifyURL,
                ["OTP_ADMIN_TOKEN": secrets.adminToken, "OTP_ALLOW_SHORT_TIMERS": "1"],
            ]
        case "otp-sender":
            parts = [bind(ports.sender), kafka, keys, twilio, webhookURL, publicURL, ["OTP_BCRYPT_COST": "4"]]
        case "otp-verifier":
            parts = [bind(ports.verifier), kafka, keys]
        default:
            parts = [bind(ports.reaper), kafka, keys, shopifyURL]
        }
        return parts.reduce(into: [:]) { $0.merge($1) { $1 } }
    }
}

/// The secrets of one world, made for it.
package struct Secrets: Sendable {
    package let idKey = Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
    package let ring = Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
    package let clientSecret = "journey-client-secret-\(UUID().uuidString)"
    package let authToken = "journey-auth-token-\(UUID().uuidString)"
    package let adminToken = "journey-admin-token-\(UUID().uuidString)"

    package init() {}

    /// As `OTP_KEYRING` has it.
    package var keyring: String { "k1:\(ring)" }
}
