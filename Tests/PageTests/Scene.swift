import Base
import Browser
import Foundation
import HTTP
import Kafka
import Model
import Pipeline
import Runtime
import Security
import Synchronization
import Testing

@testable import Verifier

/// Verifier's door on a free port of loopback, in front of a scripted owner of one verification: what it answers is
/// written in the test, and it takes one code.
final class Scene: Sendable {
    static let shop = "tea-house.myshopify.com"
    static let code = "123456"
    private static let topology = Topology(prefix: "t.", partitions: 1)

    let looks = ShopLooks()
    private let answer: Mutex<Answer>
    private let guesses = Mutex<Int>(0)
    private let identity = IdentityKey(Secret(Array(repeating: 7, count: 32)))
    private let keyring: Keyring
    private let server: HTTPServer
    private let publicPath: String

    /// A pending verification, 14 minutes before its end, as the answers describe it.
    static func pending(_ change: (inout Answer) -> Void = { _ in }) -> Answer {
        var answer = Answer(.seen, about: nil)
        answer.status = .pending
        answer.attemptsLeft = 5
        answer.shop = shop
        answer.orderName = "#1001"
        answer.phoneMask = "+1*****4567"
        answer.locale = "en"
        answer.codeLength = 6
        answer.resendsLeft = 3
        answer.codeExpiresAt = 1_800_000_540_000
        answer.expiresAt = 1_800_000_840_000
        answer.resendAllowedAt = 1_800_000_000_000
        change(&answer)
        return answer
    }

    init(_ answer: Answer = Scene.pending(), publicPath: String = "") throws {
        self.answer = Mutex(answer)
        self.publicPath = publicPath
        keyring = try Keyring(parsing: "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        let replies = Mutex<Switchboard?>(nil)
        let feed = Mutex<(@Sendable (OutgoingRecord) -> Void)?>(nil)
        let switchboard = Switchboard(
            topology: Self.topology, replyPartition: 0, clock: Clock.system.now
        ) { record, done in
            done(true)
            feed.withLock { $0 }?(record)
        }
        replies.withLock { $0 = switchboard }
        let clock: @Sendable () -> Int64 = { 1_800_000_000_000 }
        var router = Router()
        Door(
            identity: identity, keyring: keyring, switchboard: switchboard, looks: looks,
            limits: DoorLimits(
                proxies: TrustedProxies(["127.0.0.1"]),
                forwarded: ForwardedWatch(Metrics(), Log(name: "page"), clock: clock), clock: clock,
                attemptBurst: 1000),
            ownOrigin: OwnOrigin(publicURL: nil), publicPath: publicPath, metrics: DoorMetrics(Metrics()), clock: clock,
            closedBecause: { nil }
        ).addRoutes(to: &router)
        looks.addRoutes(to: &router, below: publicPath)
        server = HTTPServer(host: "127.0.0.1", port: 0, loops: 1, router: router)
        try server.start()
        feed.withLock {
            $0 = { [weak self] record in
                guard let self, let (correlation, answer) = self.decide(record) else { return }
                let row = Wire.record(
                    Catalogue.verdicts, Self.topology, key: correlation, type: "answer", value: Wire.encode(answer))
                replies.withLock { $0 }?.take(Self.arrived(row))
            }
        }
    }

    func stop() async { await server.drain(deadline: .seconds(1)) }

    var token: String { identity.token(platform: "shopify", shop: Self.shop, order: "1").text }
    var origin: String { "http://127.0.0.1:\(server.port)" }
    var address: String { "\(origin)\(publicPath)/v/\(token)" }

    /// How many codes the owner was asked about.
    var guessed: Int { guesses.withLock { $0 } }

    func change(_ change: (inout Answer) -> Void) { answer.withLock { change(&$0) } }

    /// A shop's row as Ingest writes it.
    func dress(name: String? = nil, colour: String? = nil, logo: ShopLogo? = nil) {
        var settings = ShopSettings()
        (settings.name, settings.colour, settings.logo) = (name, colour, logo)
        let record = ShopRecord(
            platform: "shopify", version: 1, wrappedKey: Sealed([1]), keyId: "k1",
            installation: ShopRecord.Installation(
                accessToken: Sealed([2]), plan: .pro, shopifyPlan: nil, settings: settings, activatedAt: 0),
            putId: "p", applied: 1)
        looks.take(
            Self.arrived(
                Wire.record(Catalogue.shops, Self.topology, key: Self.shop, type: "shop", value: Wire.encode(record))))
    }

    private func decide(_ record: OutgoingRecord) -> (String, Answer)? {
        guard let message = try? AttemptMessage(Self.arrived(record)) else { return nil }
        return answer.withLock { answer in
            switch message {
            case .look(let ask): return (ask.correlation, answer)
            case .resend(let ask):
                var told = answer
                told.kind = answer.kind == .seen ? .resendAsked : answer.kind
                return (ask.correlation, told)
            case .guess(let guess):
                guesses.withLock { $0 += 1 }
                return (guess.ask.correlation, judge(guess, &answer))
            default: return nil
            }
        }
    }

    private func judge(_ guess: AttemptMessage.GuessAsk, _ answer: inout Answer) -> Answer {
        var told = answer
        guard answer.kind == .seen, answer.status == .pending else { return told }
        if let digits = guess.digits, digits != answer.codeLength {
            told.kind = .wrongLength
        } else if isRight(guess) {
            answer.status = .verified
            told = answer
            told.kind = .verified
        } else {
            answer.attemptsLeft = max(0, (answer.attemptsLeft ?? 0) - 1)
            told = answer
            told.kind = answer.attemptsLeft == 0 ? .locked : .mismatch
        }
        return told
    }

    private func isRight(_ guess: AttemptMessage.GuessAsk) -> Bool {
        guard let token = identity.accept(token) else { return false }
        let id = VerificationID(token.verificationId)
        let mac = GuessMAC.mac(pepper: keyring.current.pepper, id: id.uuid, code: Self.code)
        return guess.fingerprints[keyring.current.id] == Fingerprint.text(mac)
    }

    private static func arrived(_ record: OutgoingRecord) -> IncomingRecord {
        IncomingRecord(
            topic: record.topic, partition: 0, offset: 0, timestamp: 0, key: record.key, value: record.value,
            headers: record.headers)
    }
}

extension Scene {
    /// The page in a tab, for as long as `look` takes. Nothing may have been asked of anybody but the server, and
    /// nothing complained of.
    ///
    /// - Parameter excused: complaints that contain this are expected: statuses that are no success are logged.
    func shown(
        width: Int = 390, height: Int = 844, isDark: Bool = false, scripts: Bool = true, languages: String? = nil,
        address: String? = nil, excused: String = "Failed to load resource: the server responded with a status of 4",
        _ look: (Tab) async throws -> Void
    ) async throws {
        let tab = try await Tab.open(
            Chromium.now, width: width, height: height, isDark: isDark, scripts: scripts, languages: languages)
        try await tab.go(address ?? self.address)
        try await look(tab)
        for request in tab.requests {
            #expect(request.hasPrefix("\(origin)\(publicPath)/v/") || request == "data:,", "\(request)")
        }
        #expect(tab.complaints.filter { !$0.contains(excused) } == [])
        try await tab.close()
        await stop()
    }
}
