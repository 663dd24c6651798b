import HTTP
import Pipeline
import Platforms
import Runtime
import Security

extension InstallDoor {
    /// Nil without a client id: the app is not one that merchants install.
    init?(
        _ context: DaemonContext, http: HTTPClient, changes: ShopChanges, isCaughtUp: @escaping @Sendable () -> Bool,
        metrics: IngestMetrics
    ) {
        let configuration = context.configuration
        let secrets = configuration.secretList(CommonParameters.shopifyClientSecret.name).map(Secret.init)
        guard let clientId = configuration.optionalText(CommonParameters.shopifyClientId.name), !clientId.isEmpty,
            let secret = secrets.first
        else { return nil }
        let app = InstallApp(
            clientId: clientId, secrets: secrets, scopes: configuration.list(Ingest.shopifyScopes.name),
            shopURL: configuration.url(CommonParameters.shopifyURL.name),
            ownURL: configuration.url(CommonParameters.webhookURL.name))
        let now = context.clock.now
        let oauth = ShopifyOAuth.make(
            http: http, baseURL: app.shopURL, clientId: clientId, clientSecret: secret, deadline: .seconds(8), now: now)
        self.init(
            app: app,
            installer: Installer(
                oauth: oauth, wanted: app.scopes, changes: changes, isCaughtUp: isCaughtUp, now: now, log: context.log),
            states: OAuthState(idKey: Secret(configuration.secret(CommonParameters.idKey.name))),
            mayCancel: configuration.flag(CommonParameters.cancel.name), now: now, metrics: metrics)
    }
}
