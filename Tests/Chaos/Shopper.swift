import Foundation

/// One shopper with their phone: waits for the text, types codes at any Verifier, and asks again where none answered.
struct Shopper {
    let order: ChaosJournal.PlacedOrder
    let world: ChaosWorld
    var chance: Chance

    mutating func play() async throws {
        guard let phone = order.phone, let text = try await text(to: phone, beyond: 0), let token = text.token,
            let code = text.code
        else { return }
        try await Task.sleep(for: .seconds(Double.random(in: 0...2, using: &chance)))
        switch order.story {
        case .right:
            await guess(code, token)
        case .wrongThenRight:
            for wrong in wrongs(Int.random(in: 1...4, using: &chance), than: code) { await guess(wrong, token) }
            await guess(code, token)
        case .fiveWrong:
            for wrong in wrongs(6, than: code) { await guess(wrong, token) }
            await guess(code, token)
        case .late:
            try await Task.sleep(for: .seconds(Driver.quickTimerSeconds + 2))
            await guess(code, token)
        case .resend:
            for wrong in wrongs(3, than: code) { await guess(wrong, token) }
            try await Task.sleep(for: .seconds(31))
            await resend(token)
            guard let second = try await self.text(to: phone, beyond: text.at), let next = second.code else { return }
            for wrong in wrongs(2, than: next) { await guess(wrong, token) }
            await guess(next, token)
        case .never, .merchantCancels, .cancelledFirst, .noPhone:
            break
        }
    }

    /// The newest text, once there is one younger than that.
    private func text(to phone: String, beyond: Int64) async throws -> ChaosWorld.SentText? {
        let end = ContinuousClock.now + Driver.patience
        while ContinuousClock.now < end {
            if let newest = try await world.texts(to: phone).first, newest.at > beyond { return newest }
            try await Task.sleep(for: .milliseconds(250))
        }
        return nil
    }

    private mutating func wrongs(_ count: Int, than code: String) -> [String] {
        var wrongs: [String] = []
        while wrongs.count < count {
            let candidate = String(format: "%06d", Int.random(in: 0...999_999, using: &chance))
            if candidate != code, !wrongs.contains(candidate) { wrongs.append(candidate) }
        }
        return wrongs
    }

    /// Until there is a verdict, at whichever instance; a guess without an answer is sent again as it was.
    private mutating func guess(_ code: String, _ token: String) async {
        world.fleet.journal.write(.typed(order: order.gid, code: code))
        guard let answer = await insist("/attempts", token, ["code": code]) else { return }
        world.fleet.journal.write(
            .told(
                .init(
                    order: order.gid, code: code, status: answer.status, kind: answer.kind,
                    attemptsLeft: answer.attemptsLeft)))
    }

    private mutating func resend(_ token: String) async {
        _ = await insist("/resend", token, [:])
    }

    private mutating func insist(_ path: String, _ token: String, _ body: [String: String]) async
        -> ChaosWorld.DoorAnswer?
    {
        let end = ContinuousClock.now + Driver.patience
        while ContinuousClock.now < end {
            let door = chance.pick(await world.fleet.doors(of: "otp-verifier"))
            let answer = await world.ask(path, token: token, body, at: door)
            switch answer?.status {
            case nil, 503: break
            case 429 where answer?.kind != "locked" && answer?.kind != "resendLimitReached": break
            default: return answer
            }
            try? await Task.sleep(for: .seconds(Double.random(in: 0.3...1.2, using: &chance)))
        }
        return nil
    }
}
