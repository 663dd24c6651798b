import HTTP

/// What makes one daemon different before it runs: its name, its port, its parameters.
public struct DaemonDescription: Sendable {
    /// The product, `otp-sender`.
    public let name: String
    /// One line for `--help`.
    public let summary: String
    /// All of them, the common ones first. HTTP is served when `OTP_HTTP_BIND` is among them.
    public let parameters: [Parameter]
    /// Problems between parameters, asked when each is right by itself.
    public let check: @Sendable (Configuration) -> [String]
    public let limits: ServerLimits
    /// What the program does instead of running the daemon when its arguments begin with the words.
    public let commands: [DaemonCommand]

    /// `port` is where HTTP listens on loopback by default. `common` replaces the usual set of a daemon on Kafka.
    public init(
        name: String, summary: String, port: UInt16, common: [Parameter]? = nil, parameters: [Parameter] = [],
        limits: ServerLimits = ServerLimits(), commands: [DaemonCommand] = [],
        check: @escaping @Sendable (Configuration) -> [String] = { _ in [] }
    ) {
        self.name = name
        self.summary = summary
        self.parameters = (common ?? CommonParameters.daemon(port: port)) + parameters
        self.limits = limits
        self.commands = commands
        self.check = check
        let names = self.parameters.map(\.name)
        precondition(Set(names).count == names.count, "\(name) declares a parameter twice")
    }
}
