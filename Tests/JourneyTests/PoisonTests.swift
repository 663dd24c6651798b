import Base
import Foundation
import Kafka
import Model
import Pipeline
import Security
import TestWorld
import Testing

/// What nobody should write, written straight to the daemons' input topics.
@Suite("Poison", .serialized, .world, .timeLimit(.minutes(5)))
struct PoisonTests {
    private let world = World.now

    @Test("webhooks: put aside with its reason within a second, and the partition goes on")
    func webhooks() async throws {
        try await expectPutAside(Catalogue.webhooks, Poison.webhooks(world.topics.topology), number: 20)
    }

    @Test("requests: put aside with its reason within a second, and the partition goes on")
    func requests() async throws {
        try await expectPutAside(Catalogue.requests, Poison.requests(world.topics.topology), number: 26)
    }

    @Test("attempts: put aside with its reason within a second, and the partition goes on")
    func attempts() async throws {
        try await expectPutAside(Catalogue.attempts, Poison.attempts(world.topics.topology), number: 32)
    }

    @Test("a message too large to be put aside whole is put aside by its place")
    func tooLarge() async throws {
        let topology = world.topics.topology
        var poison = Poison.common(Catalogue.webhooks, topology, key: "large.myshopify.com", type: "notice")[0]
        poison.record.value = Array(repeating: UInt8(ascii: "/"), count: 3_500_000)
        poison.record.partition = topology.partition(of: "large.myshopify.com")
        let letter = try await putAside(poison, by: try Producer(settings))
        #expect(letter.header("left-out") != nil)
        #expect(try #require(letter.value).count < 1_000)
        try await expectOrdersPass(number: 38)
    }

    @Test("rows with impossible numbers are passed over: every daemon starts on them, and orders pass")
    func rows() async throws {
        let producer = try Producer(settings)
        try producer.sendAll(PoisonRows.all(world.topics.topology), deadline: .seconds(20))
        for daemon in Environment.daemons where daemon != "otp-sandbox" { try await world.restart(daemon) }
        try await expectOrdersPass(number: 44)
    }

    @Test("records with times that nobody can mean are decided like any other, or refused by the broker")
    func times() async throws {
        try await expectOrdersPass(number: 21)
        let inputs = [Catalogue.webhooks, Catalogue.requests, Catalogue.attempts]
        let producer = try StampedProducer(world.broker.address)
        // The poison of another test is larger than a message may be by default.
        for record in inputs.flatMap(world.topics.on) where record.value?.count ?? 0 < 500_000 {
            for time in [Int64.max, 253_402_300_800_000, 0] { try producer.send(record, at: time) }
        }
        producer.flush()
        try await expectOrdersPass(number: 27)
        for daemon in Environment.daemons where daemon != "otp-sandbox" { try await world.restart(daemon) }
        try await expectOrdersPass(number: 33)
    }

    private var settings: KafkaSettings { KafkaSettings(brokers: world.broker.address, clientId: "poison") }

    /// Every poison into every partition of the topic.
    private func expectPutAside(_ topic: Topic, _ poisons: [Poison], number: Int) async throws {
        let producer = try Producer(settings)
        defer { producer.close(deadline: .seconds(1)) }
        for poison in poisons {
            for partition in 0..<world.topics.topology.partitions {
                var copy = poison
                copy.record.partition = partition
                let letter = try await putAside(copy, by: producer)
                #expect(letter.header("reason") == poison.reason, "\(topic.name): \(poison.what)")
            }
        }
        try await expectOrdersPass(number: number)
        try expectSecrecy()
    }

    /// The dead letter of a poison that has just been produced.
    private func putAside(_ poison: Poison, by producer: Producer) async throws -> IncomingRecord {
        let place = try await producer.send(poison.record)
        let acknowledged = Clock.system.now()
        let from = "\(poison.record.topic)/\(place.partition)/\(place.offset)"
        let letter = try await world.eventually("a dead letter: \(poison.what)") {
            world.topics.on(Catalogue.dead).first { $0.header("from") == from }
        }
        // When it was written: how soon this process comes to read it is not the daemon's affair.
        #expect(letter.timestamp - acknowledged <= 1_000, "\(poison.what)")
        return letter
    }

    /// Orders until every partition of every input topic has had one, each of them verified.
    ///
    /// - Parameter number: each its own and below 45, so that no two orders have a phone in common.
    private func expectOrdersPass(number: Int) async throws {
        let topology = world.topics.topology
        let key = try #require(Data(base64Encoded: world.secrets.idKey))
        let identity = IdentityKey(Secret([UInt8](key)))
        var missing = Set(
            [Catalogue.webhooks, Catalogue.requests, Catalogue.attempts].flatMap { topic in
                (0..<topology.partitions).map { "\(topic.name)/\($0)" }
            })
        for n in 0..<60 where !missing.isEmpty {
            let shop = "poison-\(number)-\(n).myshopify.com"
            // Another area code: another number range, so another partition of the requests.
            let phone = Traffic.phone(number * 1_000 + n * 7)
            missing.remove("webhooks/\(topology.partition(of: shop))")
            try await world.register(shop)
            let order = try await world.place(shop, phone: phone)
            let token = identity.token(platform: "shopify", shop: shop, order: order.gid)
            missing.remove("requests/\(topology.partition(of: identity.rangeHash(phone)))")
            missing.remove("attempts/\(topology.partition(of: VerificationID(token.verificationId).text))")
            let text = try await world.text(to: phone)
            #expect(text.token == token.text)
            #expect(try await world.guess(text.code, text.token).json["status"] as? String == "verified")
            #expect(try await world.texts(to: phone).count == 1)
        }
        #expect(missing.isEmpty, "no order came by \(missing.sorted())")
        for daemon in Environment.daemons { #expect(world[daemon].isRunning, "\(world[daemon].tail())") }
    }

    /// Nothing of the poison stands in a dead letter or a log.
    private func expectSecrecy() throws {
        let scan = PrivacyScan(needles: [("poison", Poison.secret)], codes: [Poison.code])
        var findings = scan.findings(in: world.topics.on(Catalogue.dead))
        for (name, log) in try world.logs() where name != "otp-sandbox" {
            findings += scan.findings(in: "the log of \(name)", log.utf8)
        }
        #expect(findings == [])
    }
}
