import Model
import Security

/// A provider of text messages as a value: Twilio's by `TwilioProvider.make`, tests script theirs.
public struct TextProvider: Sendable {
    /// `twilio`, for metrics and records.
    public var name: String
    /// One attempt, no retries inside.
    public var send: @Sendable (TextMessage) async -> SendResult
    /// Looks whether a text to this number with this body was taken since that time (ms since 1970).
    public var find: @Sendable (_ to: String, _ since: Int64, _ body: String) async -> Lookup

    public init(
        name: String, send: @escaping @Sendable (TextMessage) async -> SendResult,
        find: @escaping @Sendable (_ to: String, _ since: Int64, _ body: String) async -> Lookup
    ) {
        self.name = name
        self.send = send
        self.find = find
    }

    /// For tests that must not send: a call is a bug and stops the process.
    public static let unimplemented = TextProvider(
        name: "unimplemented",
        send: { _ in preconditionFailure("a text was sent where none was expected") },
        find: { _, _, _ in preconditionFailure("a text was looked for where none was expected") })

    public enum Lookup: Sendable, Equatable {
        case found(id: String, status: String)
        /// The provider surely has no such text.
        case absent
        /// No usable answer.
        case unknown
    }
}

/// A text to send. Prints with the number masked and without the body.
public struct TextMessage: Masked, Sendable, Equatable {
    /// E.164.
    public var to: String
    public var body: String
    /// Where the provider reports what became of it, without a fragment.
    public var statusCallback: String?
    /// How long the provider may queue it.
    public var validitySeconds: Int
    /// The same for each repetition of a text, of no text else: for providers that can tell repetitions by it.
    public var reference: String

    public init(
        to: String, body: String, statusCallback: String? = nil, validitySeconds: Int, reference: String = ""
    ) {
        self.to = to
        self.body = body
        self.statusCallback = statusCallback
        self.validitySeconds = validitySeconds
        self.reference = reference
    }

    public var description: String { "text to \(PhoneNumber.mask(to))" }
    public var debugDescription: String { description }
}

/// What one attempt to send came to. Reasons are for logs and metrics: they hold no number and no text.
public enum SendResult: Sendable, Equatable {
    /// The provider has it.
    case accepted(messageId: String)
    /// Surely not sent, and the same request never will be.
    case refused(reason: String, fault: SendFault)
    /// Surely not sent, may be later; `after` is the provider's wish.
    case retry(after: Duration?, reason: String)
    /// May have been sent: look before repeating.
    case ambiguous(reason: String)
}

/// Whose fault it is that a text can't be delivered. Only `number` may lead to an order's cancellation.
public enum SendFault: String, Sendable, Equatable {
    /// The number can't get texts.
    case number
    /// Its owner has told the provider to send it no more.
    case optedOut
    /// This text or the route it would take; anything we don't know.
    case content
    /// The same, taken for fraud: no other provider is asked either.
    case suspect
    /// Our account or its configuration.
    case account
    /// The same, for numbers of this country alone.
    case destination
}
