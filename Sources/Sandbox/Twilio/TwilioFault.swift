/// How the stand-in Twilio has been told to misbehave: for requests (`mode`), for delivery reports (`receipt`), or
/// both.
struct TwilioFault: Sendable, Codable, Equatable {
    enum Mode: String, Sendable, Codable {
        /// 429, code 20429, Retry-After; never processed.
        case throttle
        /// 500, code 20500; not processed, which the caller can't know.
        case serverError
        /// No answer, and nothing accepted.
        case hangBefore
        /// No answer, though the message was accepted and is sent.
        case hangAfter
        /// 400 with `code`.
        case refuse
    }

    enum Receipt: String, Sendable, Codable {
        case undelivered, failed
        /// Not delivered, code 30008, though the phone has it; said right some time later.
        case wrong
        /// No callback at all.
        case off
        /// Sent, and nothing after that, as on many routes.
        case sentOnly
    }

    var mode: Mode?
    var code: Int?
    var retryAfterSeconds: Int?
    var receipt: Receipt?
    /// How many requests (or messages) it concerns; nil until it is cleared.
    var times: Int?
    /// Only this number.
    var to: String?

    /// What a report of no delivery says.
    var reportCode: Int { code ?? (receipt == .wrong ? 30008 : 30003) }

    var problem: TwilioProblem {
        switch mode {
        case .throttle:
            TwilioProblem(429, code ?? 20429, retryAfterSeconds: retryAfterSeconds ?? 1)
        case .serverError:
            TwilioProblem(500, code ?? 20500, retryAfterSeconds: retryAfterSeconds)
        case .refuse, .hangBefore, .hangAfter, nil:
            TwilioProblem(400, code ?? 21211, retryAfterSeconds: retryAfterSeconds)
        }
    }
}

/// The faults in the order they were asked for; the first that fits is taken and counted.
struct TwilioFaults: Sendable {
    private(set) var waiting: [TwilioFault] = []

    mutating func add(_ fault: TwilioFault) { waiting.append(fault) }
    mutating func clear() { waiting = [] }

    /// The fault for a request to send.
    mutating func takeRequest(to: String?) -> TwilioFault? { take { $0.mode != nil && Self.fits($0, to) } }

    /// The fault for an accepted message's reports. One that also has a mode was counted with its request.
    mutating func takeReceipt(to: String) -> TwilioFault? {
        take { $0.mode == nil && $0.receipt != nil && Self.fits($0, to) }
    }

    private static func fits(_ fault: TwilioFault, _ to: String?) -> Bool { fault.to == nil || fault.to == to }

    private mutating func take(where fits: (TwilioFault) -> Bool) -> TwilioFault? {
        guard let index = waiting.firstIndex(where: fits) else { return nil }
        let fault = waiting[index]
        if let times = fault.times {
            waiting[index].times = times - 1
            if times <= 1 { waiting.remove(at: index) }
        }
        return fault
    }
}
