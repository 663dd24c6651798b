import Base
import Foundation
import TestWorld
import Testing

/// One daemon dies at one named point, once for each; then it comes back, and the order's way goes on as the table in
/// docs/INTERNALS.md says.
@Suite("A daemon dies at a crash point", .serialized, .world)
struct CrashPointTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let daemon: String
        let point: CrashPoint
        /// What the order comes to: verified by its shopper, or cancelled when nobody answers.
        var answers = true
        /// Texts that the crash may add: one, where the provider had been asked and nobody knew.
        var extraTexts = 0

        /// A desk's first decisions after a start are the beats of its four partitions: what comes next is the order's.
        /// Only Verifier's beats are state.
        var hit: Int {
            guard point.rawValue.hasPrefix("desk."), point != .deskOpened else { return 1 }
            return point == .deskStated && daemon != "otp-verifier" ? 1 : 5
        }

        var testDescription: String { "\(daemon) at \(point.rawValue)" }
    }

    /// At-least-once's points on the mock, exactly-once's on a real broker.
    static let desk: [CrashPoint] =
        Broker.real == nil
        ? [.deskDecided, .deskEffected, .deskStated, .deskCommitted] : [.deskDecided, .deskProduced, .deskCommitted]

    static let cases: [Case] = {
        var cases = [Case(daemon: "otp-ingest", point: .ingestAcknowledged)]
        for daemon in ["otp-ingest", "otp-sender", "otp-verifier"] {
            for point in desk { cases.append(Case(daemon: daemon, point: point)) }
        }
        if Broker.real == nil { cases.append(Case(daemon: "otp-ingest", point: .deskOpened)) }
        cases.append(Case(daemon: "otp-sender", point: .senderIntended))
        cases.append(Case(daemon: "otp-sender", point: .senderPosted, extraTexts: 1))
        cases.append(Case(daemon: "otp-sender", point: .senderReported))
        cases.append(Case(daemon: "otp-verifier", point: .verifierAsked))
        for point in [CrashPoint.reaperTagged, .reaperNoted, .reaperDone] {
            cases.append(Case(daemon: "otp-reaper", point: point))
        }
        cases.append(Case(daemon: "otp-reaper", point: .reaperCancelled, answers: false))
        return cases
    }()

    @Test("and the order ends once, with the same code, tagged and noted once", arguments: cases.indices)
    func dies(index: Int) async throws {
        let world = World.now
        let test = Self.cases[index]
        for daemon in Environment.daemons where !world[daemon].isRunning { try await world.restart(daemon) }
        let shop = "crash-\(index).myshopify.com"
        let phone = "+12025558\(String(format: "%03d", 100 + index))"
        try await world.register(shop, timerSeconds: test.answers ? 900 : 5)
        do {
            try await world.restart(test.daemon, [CrashPoint.variable: "\(test.point.rawValue):\(test.hit)"])
        } catch {
            // A beat may have been what it died of, before it was ready.
            guard !world[test.daemon].isRunning else { throw error }
        }
        let armed = world[test.daemon]

        let order = try await place(shop, phone, world)
        if test.answers { try await answer(phone, armed, world) }
        _ = try await world.eventually("\(test.daemon) to die", within: 30) {
            armed.isRunning ? nil : true
        }
        #expect(armed.end == .signalled(SIGKILL))
        if !world[test.daemon].isRunning { try await world.restart(test.daemon) }
        if test.answers { try await answer(phone, world[test.daemon], world) }

        let tag = test.answers ? "otp-verified" : "otp-cancelled"
        _ = try await world.eventually("the tag \(tag)", within: 60) {
            try await world.tags(order).contains(tag) ? true : nil
        }
        let ends = test.answers ? ["verified"] : ["expired:timed_out", "cancelled:us"]
        let told = try await world.eventually("the end", within: 30) {
            let told = Set(world.outcomes(order.gid).filter { $0 != "sent" && $0 != "delivered" })
            return told == Set(ends) ? told : nil
        }
        #expect(told == Set(ends))
        let texts = try await world.texts(to: phone)
        #expect(Set(texts.map(\.code)).count == 1)
        #expect((1...1 + test.extraTexts).contains(texts.count))
        let note = try await world.eventually("the note") { try await world.order(order)["note"] as? String }
        #expect(note.ranges(of: "[otp-guard ").count == 1)
    }

    /// Places an order; a platform that got no 200 sends its webhook again.
    private func place(_ shop: String, _ phone: String, _ world: World) async throws -> World.PlacedOrder {
        let order = try await world.place(shop, phone: phone)
        guard order.webhookStatus != 200 else { return order }
        if !world["otp-ingest"].isRunning { try await world.restart("otp-ingest") }
        let payload = try await world.sandbox("GET", "/orders/\(order.id)/payload").json
        let body = String(decoding: try JSONSerialization.data(withJSONObject: payload), as: UTF8.self)
        _ = try await world.eventually("the webhook to be taken") {
            let answer = try await world.sandbox(
                "POST", "/webhooks", ["topic": "orders/create", "shop": shop, "body": body])
            return answer.json["status"] as? Int == 200 ? true : nil
        }
        return order
    }

    /// Types the right code until it is taken, or until the daemon under test has died.
    private func answer(_ phone: String, _ daemon: DaemonProcess, _ world: World) async throws {
        _ = try await world.eventually("the shopper's answer", within: 60) {
            guard daemon.isRunning else { return true }
            guard let text = try await world.texts(to: phone).first, let code = text.code, let token = text.token,
                let verdict = try? await world.guess(code, token)
            else { return nil }
            return verdict.json["status"] as? String == "verified" ? true : nil
        }
    }
}
