import HTTP
import Security
import Synchronization

/// A stand-in for Twilio's Messages API: checks what Twilio checks, answers as it answers, remembers every text, sends
/// signed status callbacks, and fails when told to. Everything is in memory; the last 2,000 texts are kept.
final class StandInTwilio: Sendable {
    struct Account: Sendable {
        var sid: String
        var authToken: Secret
        var messagingServiceSid: String
    }

    /// How long things take, so that tests need not wait.
    struct Pace: Sendable {
        /// Between acceptance and the first report, and between reports.
        var betweenReports: Duration = .milliseconds(250)
        /// Between a wrong report and the right one.
        var beforeCorrection: Duration = .seconds(20)
        /// How long a hanging request hangs before it ends in a 500.
        var hang: Duration = .seconds(60)
        /// Between repeated callbacks that failed.
        var betweenRetries: Duration = .milliseconds(500)
    }

    struct State {
        var messages: [TwilioMessage] = []
        var faults = TwilioFaults()
    }

    static let capacity = 2000
    /// A number of the fictitious 555 range; the service's only sender.
    static let sender = "+14155552345"

    let account: Account
    let pace: Pace
    let state = Mutex(State())
    let http: HTTPClient
    let errands: Errands
    let journal: Journal
    let now: @Sendable () -> Int64

    init(
        account: Account, pace: Pace = Pace(), http: HTTPClient, errands: Errands, journal: Journal,
        now: @escaping @Sendable () -> Int64
    ) {
        self.account = account
        self.pace = pace
        self.http = http
        self.errands = errands
        self.journal = journal
        self.now = now
    }

    /// Newest first.
    var messages: [TwilioMessage] { state.withLock { $0.messages.reversed() } }

    func message(_ sid: String) -> TwilioMessage? {
        state.withLock { state in state.messages.first { $0.sid == sid } }
    }

    var faults: [TwilioFault] { state.withLock { $0.faults.waiting } }

    func add(_ fault: TwilioFault) { state.withLock { $0.faults.add(fault) } }
    func clearFaults() { state.withLock { $0.faults.clear() } }

    /// A new message, stored and on its way; `receipt` decides what is reported of it.
    func accept(_ order: TwilioOrder, receipt: TwilioFault?) -> TwilioMessage {
        let time = now()
        let message = TwilioMessage(
            sid: RandomName.make("SM"), accountSid: account.sid, to: order.to, from: order.from,
            messagingServiceSid: order.messagingServiceSid, body: order.body,
            status: order.messagingServiceSid == nil ? .queued : .accepted, statusCallback: order.statusCallback,
            validitySeconds: order.validitySeconds, createdAt: time, updatedAt: time)
        let fault = state.withLock { state in
            state.messages.append(message)
            if state.messages.count > Self.capacity { state.messages.removeFirst(Self.capacity / 10) }
            return receipt ?? state.faults.takeReceipt(to: order.to)
        }
        journal.write("twilio", "text.accepted", phone: order.to, message: message.sid, "Twilio accepted the text")
        report(on: message.sid, fault)
        return message
    }

    /// Moves a message on; nil when it is forgotten.
    func advance(_ sid: String, to status: TwilioMessage.Status, code: Int? = nil) -> TwilioMessage? {
        let time = now()
        return state.withLock { state in
            guard let index = state.messages.lastIndex(where: { $0.sid == sid }) else { return nil }
            state.messages[index].status = status
            state.messages[index].updatedAt = time
            state.messages[index].errorCode = code
            if state.messages[index].from == nil { state.messages[index].from = Self.sender }
            if status == .sent { state.messages[index].sentAt = time }
            return state.messages[index]
        }
    }
}
