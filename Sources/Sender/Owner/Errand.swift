import Model

/// One attempt to be made: the job as it was committed, and the permission to make it.
struct Errand: Sendable {
    let id: VerificationID
    let job: SendJob
    let request: SendRequest
    /// When the life of its code ends, or a text without one is of no use any more.
    let codeEndsAt: Int64
    let ticket: Ticket
    /// The provider in whose schedule it has waited for its place.
    var placedBy: String?
}
