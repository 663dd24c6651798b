import Pipeline
import Runtime
import Security

/// The sandbox's environment variables. Secrets have the defaults of a world where nothing is real, so that it starts
/// without any; the daemons need the same values.
enum SandboxParameters {
    static let kafka = Parameter(
        "OTP_SANDBOX_KAFKA", default: "127.0.0.1:19092", kind: .address,
        help: "where the mock Kafka listens, on loopback; port 0 is any free")
    static let brokers = Parameter(
        "OTP_SANDBOX_BROKERS", default: "1", kind: .integer(1...5),
        help: "brokers of the mock Kafka: more than one lets leaders and coordinators move")
    static let ingest = daemon("OTP_SANDBOX_INGEST_URL", 8081, "otp-ingest")
    static let sender = daemon("OTP_SANDBOX_SENDER_URL", 8082, "otp-sender")
    static let verifier = daemon("OTP_SANDBOX_VERIFIER_URL", 8083, "otp-verifier")
    static let reaper = daemon("OTP_SANDBOX_REAPER_URL", 8084, "otp-reaper")
    static let bind = CommonParameters.httpBind(port: 8080)
    static let clientId = CommonParameters.shopifyClientId.defaulting(to: "sandbox-client-id")
    static let clientSecret = CommonParameters.shopifyClientSecret.defaulting(to: "sandbox-client-secret")
    static let accountSid = CommonParameters.twilioAccountSID.defaulting(to: "AC" + String(repeating: "0", count: 32))
    static let authToken = CommonParameters.twilioAuthToken.defaulting(to: "sandbox-auth-token")
    static let serviceSid = CommonParameters.twilioMessagingServiceSID
        .defaulting(to: "MG" + String(repeating: "0", count: 32))
    static let adminToken = CommonParameters.adminToken.defaulting(to: "sandbox-admin-token-0123456789abcdef")

    static let common = [
        CommonParameters.topicPrefix, CommonParameters.partitions, bind, CommonParameters.plainHTTPHosts,
        CommonParameters.logLevel,
    ]
    static let own = [
        kafka, brokers, ingest, sender, verifier, reaper, clientId, clientSecret, accountSid, authToken, serviceSid,
        adminToken,
    ]

    /// Nothing here is protected, so nothing here may be reached from elsewhere.
    static func problems(_ configuration: Configuration) -> [String] {
        [bind.name, kafka.name].compactMap { name in
            let address = configuration.address(name)
            guard !address.isLoopback else { return nil }
            return "\(name) must be a loopback address (it is \(address)): the sandbox has no protection at all"
        }
    }

    static func settings(_ configuration: Configuration) -> SandboxSettings {
        func first(_ parameter: Parameter) -> Secret { Secret(configuration.secretList(parameter.name).first ?? []) }
        return SandboxSettings(
            topology: Topology(
                prefix: configuration.text(CommonParameters.topicPrefix.name),
                partitions: Int32(configuration.integer(CommonParameters.partitions.name))),
            kafka: configuration.address(kafka.name), brokers: configuration.integer(brokers.name),
            daemons: SandboxSettings.Daemons(
                ingest: configuration.url(ingest.name), sender: configuration.url(sender.name),
                verifier: configuration.url(verifier.name), reaper: configuration.url(reaper.name)),
            adminToken: first(adminToken), shopifyClientSecret: first(clientSecret),
            shopifyClientId: configuration.text(clientId.name),
            twilio: StandInTwilio.Account(
                sid: configuration.text(accountSid.name), authToken: first(authToken),
                messagingServiceSid: configuration.text(serviceSid.name)))
    }

    private static func daemon(_ name: String, _ port: UInt16, _ daemon: String) -> Parameter {
        Parameter(name, default: "http://127.0.0.1:\(port)", kind: .url, help: "where \(daemon) is")
    }
}
