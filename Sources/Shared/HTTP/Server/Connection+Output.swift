import Base
import CSystem
import Glibc

/// From answers to bytes, and what comes after them.
extension Connection {
    /// An answer has come, perhaps long after its request was given up.
    func complete(_ exchange: UInt64, _ response: HTTPResponse) {
        guard let index = exchanges.firstIndex(where: { $0.id == exchange }), exchanges[index].answer == nil else {
            return
        }
        exchanges[index].answer = (response, Ticks.now())
        exchanges[index].task = nil
    }

    /// Moves the answers at the front of the order to the output.
    func encodeAnswers(_ context: inout LoopContext) {
        while let first = exchanges.first, let answer = first.answer {
            exchanges.removeFirst()
            let response = ResponseEncoder.sendable(answer.response)
            let keepAlive = first.keepAlive && !endsHere
            ResponseEncoder.encode(
                response,
                ResponseEncoder.Context(
                    isHead: first.isHead, keepAlive: keepAlive, isVersion10: first.isVersion10,
                    date: context.date.current()), to: &output)
            observe(first, response, at: answer.at)
            served += 1
            idleSince = context.now
            if !keepAlive && first.keepAlive {
                phase = .finishing
                lingers = !inputEnded
            }
        }
        if exchanges.isEmpty, reading?.wantsContinue == true {
            reading?.wantsContinue = false
            ResponseEncoder.appendContinue(to: &output)
        }
    }

    /// While draining, the last answer in flight says that it is the last.
    private var endsHere: Bool {
        guard exchanges.isEmpty else { return false }
        if case .finishing = phase { return true }
        return drainingSince != nil && reading == nil && parser.isIdle
    }

    private func observe(_ exchange: Exchange, _ response: HTTPResponse, at answered: Int64) {
        guard let observe = core.observe else { return }
        observe(
            RequestObservation(
                route: exchange.route, method: RequestObservation.label(ofMethod: exchange.method),
                status: response.status, nanoseconds: answered - exchange.started, bytesIn: exchange.bytesIn,
                bytesOut: response.body.count))
    }

    /// After a turn: end, linger, or go on with a new due time.
    func settle(_ now: Int64) {
        switch phase {
        case .open: endIfDrained()
        case .finishing: finishIfAnswered(now)
        case .lingering, .closed: break
        }
        holdBodies()
        schedule(now)
    }

    private func finishIfAnswered(_ now: Int64) {
        guard exchanges.isEmpty, output.isEmpty else { return }
        guard lingers, !inputEnded else {
            end()
            return
        }
        shutdown(socket, Int32(SHUT_WR))
        phase = .lingering(until: now + Ticks.of(seconds: limits.lingerSeconds), bytes: limits.lingerBytes)
    }

    private func endIfDrained() {
        guard drainingSince != nil, served > 0, isQuiet else { return }
        end()
    }

    /// Nothing asked, nothing to say.
    var isQuiet: Bool {
        exchanges.isEmpty && output.isEmpty && reading == nil && parser.isIdle
    }

    /// The events to watch for now.
    var wanted: UInt32 {
        var events: UInt32 = output.isEmpty ? 0 : EPOLLOUT.rawValue
        switch phase {
        case .open where isStarved: events |= EPOLLIN.rawValue
        case .lingering: events |= EPOLLIN.rawValue
        case .open, .finishing, .closed: break
        }
        return events
    }
}
