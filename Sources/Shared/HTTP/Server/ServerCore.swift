import Synchronization

/// What all loops of one server share; nothing of it changes but the counts.
final class ServerCore: Sendable {
    let limits: ServerLimits
    let router: Router
    let observe: (@Sendable (RequestObservation) -> Void)?
    let mailboxes: [LoopMailbox]
    let connections = Atomic(0)
    let bodyBytes = Atomic(0)

    init(
        limits: ServerLimits, router: Router, observe: (@Sendable (RequestObservation) -> Void)?,
        mailboxes: [LoopMailbox]
    ) {
        self.limits = limits
        self.router = router
        self.observe = observe
        self.mailboxes = mailboxes
    }
}
