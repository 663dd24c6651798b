import HTTP
import Outbound
import Platforms
import Runtime
import Security

extension SenderDaemon {
    /// The operator's providers, each with its own gate; one client for all of them.
    static func providers(
        _ file: ProviderFile, _ context: DaemonContext, _ concurrency: Int
    ) throws -> TextProviders {
        let http = HTTPClient.urlSession(connectionsPerHost: concurrency)
        let rate = context.configuration.integer(SenderParameters.rate.name)
        let gated = try file.providers.map { definition in
            let provider: TextProvider
            switch definition {
            case .twilio(let name):
                provider = try twilio(context.configuration, http, name: name)
            case .http(let configuration):
                provider = HTTPTextProvider.make(configuration: configuration, http: http)
            }
            let metrics = ProviderMetrics(context.metrics, provider: provider.name)
            let gate = ProviderGate(
                clock: context.clock, metrics: metrics, log: context.log, provider: provider.name,
                concurrency: concurrency, rate: rate)
            return GatedProvider(provider: provider, gate: gate, metrics: metrics)
        }
        return TextProviders(gated, order: file.order)
    }

    private static func twilio(
        _ configuration: Configuration, _ http: HTTPClient, name: String
    ) throws -> TextProvider {
        guard let token = configuration.secretList(CommonParameters.twilioAuthToken.name).first else {
            throw EnvironmentFailure("\(CommonParameters.twilioAuthToken.name) is empty")
        }
        var provider = TwilioProvider.make(
            accountSid: configuration.text(CommonParameters.twilioAccountSID.name), authToken: Secret(token),
            messagingServiceSid: configuration.text(CommonParameters.twilioMessagingServiceSID.name),
            baseURL: configuration.url(CommonParameters.twilioURL.name), http: http)
        provider.name = name
        return provider
    }
}
