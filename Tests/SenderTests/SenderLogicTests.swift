import Foundation
import Kafka
import Model
import Pipeline
import Platforms
import Security
import Testing

@testable import Sender

@Suite("The desk over otp.requests")
struct SenderLogicTests {
    static let sent = TextReport(number: 1, generation: 1)

    @Test("a request becomes challenge and intent, then a text, then a result, then the news of it")
    func happyPath() async throws {
        let bench = try Bench()
        let first = bench.deliver(.send(bench.request()))
        #expect(words(first) == ["effect otp.attempts challenged", "state otp.sends send-job"])
        guard case .challenged(let challenge)? = try first.attempts.first else { Issue.record(); return }
        let code = OneTimeCode.derive(key: bench.keyring.current.code, id: bench.id.uuid, generation: 1, digits: 6)
        let mac = GuessMAC.mac(pepper: bench.keyring.current.pepper, id: bench.id.uuid, code: code.digits)
        #expect(challenge.generation == 1)
        #expect(Bcrypt.verify(mac, against: challenge.hash))

        let second = await bench.run()
        #expect(words(second) == ["effect otp.attempts sent", "state otp.sends send-job"])
        #expect(try second.attempts == [.sent(Self.sent)])
        let text = try #require(bench.script.sent.all.first)
        #expect(text.to == Bench.phone)
        #expect(text.body.contains(code.digits))
        #expect(bench.script.searches.all.isEmpty)
        let job = try #require(try second.jobs.last)
        #expect(job.state == .accepted)
        #expect(job.messageId == "SM1")
        #expect(job.request.subject.phone == Sealed([]))

        let receipt = DeliveryReceipt(number: 1, messageId: "SM1", outcome: .delivered, reason: nil, fault: nil)
        #expect(try bench.deliver(.receipt(receipt)).attempts == [.delivered(Self.sent)])
        #expect(bench.deliver(.receipt(receipt)).isEmpty)
        #expect(bench.script.sent.all.count == 1)
    }

    @Test("a request delivered twice, in one batch or two, is one intent and one text")
    func duplicates() async throws {
        let bench = try Bench()
        let staged = bench.deliver(.send(bench.request()), .send(bench.request()))
        #expect(words(staged).count == 2)
        #expect(bench.deliver(.send(bench.request())).isEmpty)
        await bench.run()
        #expect(bench.script.sent.all.count == 1)
    }

    @Test("a message that was applied already is skipped by its offset")
    func replay() async throws {
        let bench = try Bench()
        let message = bench.incoming(.send(bench.request()))
        bench.deliver([message])
        #expect(bench.deliver([message]).isEmpty)
        #expect(bench.sender.replays.value == 1)
    }

    @Test("nothing starts before the commit, and a rollback leaves nothing behind")
    func rollback() async throws {
        let bench = try Bench()
        let message = bench.incoming(.send(bench.request()))
        _ = bench.logic.decide([message])
        #expect(bench.takeErrands().isEmpty)
        bench.logic.rolledBack()
        bench.tick(after: .seconds(1))
        #expect(bench.takeErrands().isEmpty)
        #expect(words(bench.deliver([message])).count == 2)
        #expect(bench.takeErrands().count == 1)
    }

    @Test("a result rolled back is decided again, and the text is not sent again meanwhile")
    func resultRolledBack() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        let results = await bench.makeAttempts().map { bench.incoming($0) }
        #expect(words(bench.logic.decide(results)).count == 2)
        bench.logic.rolledBack()
        bench.tick(after: .seconds(5))
        #expect(bench.takeErrands().isEmpty)
        #expect(try bench.deliver(results).attempts == [.sent(Self.sent)])
    }

    @Test("passing failures are repeated with the same text when their time has come, not before")
    func retries() async throws {
        let bench = try Bench(script: Script([.retry(after: .seconds(20), reason: "429"), .ambiguous(reason: "x")]))
        bench.deliver(.send(bench.request()))
        #expect(try await bench.run().attempts.isEmpty)
        bench.tick(after: .seconds(19))
        #expect(bench.takeErrands().isEmpty)
        bench.tick(after: .seconds(6))
        await bench.run()
        bench.tick(after: .seconds(16))
        #expect(try await bench.run().attempts == [.sent(Self.sent)])
        #expect(Set(bench.script.sent.all.map(\.body)).count == 1)
        #expect(bench.script.sent.all.count == 3)
        #expect(bench.script.searches.all.count == 1)
        #expect(bench.sender.hashes.value == 1)
    }

    @Test("a resend of a generation carries the same code and needs no new hash; a new generation does")
    func generations() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        await bench.run()
        bench.clock.advance(by: .seconds(60))
        #expect(words(bench.deliver(.send(bench.request(number: 2)))) == ["state otp.sends send-job"])
        await bench.run()
        bench.clock.advance(by: .seconds(120))
        let third = bench.deliver(.send(bench.request(number: 3, generation: 2)))
        #expect(words(third) == ["effect otp.attempts challenged", "state otp.sends send-job"])
        await bench.run()
        let bodies = bench.script.sent.all.map(\.body)
        try #require(bodies.count == 3)
        #expect(bodies[0] == bodies[1])
        #expect(bodies[1] != bodies[2])
        #expect(bench.script.sent.all[1].validitySeconds == 540)
    }

    @Test("a request after its last time fails as late, without hash and text")
    func late() async throws {
        let bench = try Bench()
        bench.clock.advance(by: .seconds(901))
        let staged = bench.deliver(.send(bench.request()))
        #expect(
            try staged.attempts == [.failed(TextFailure(number: 1, generation: 1, reason: "late", fault: .ours))])
        #expect(bench.takeErrands().isEmpty)
        #expect(bench.sender.hashes.value == 0)
    }

    @Test("an attempt that waited beyond the last time sends nothing and fails as late")
    func lateInTheQueue() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        bench.clock.advance(by: .seconds(901))
        let failure = TextFailure(number: 1, generation: 1, reason: "late", fault: .ours)
        #expect(try await bench.run().attempts == [.failed(failure)])
        #expect(bench.script.sent.all.isEmpty)
    }

    @Test("a code that died unsent is hashed and told again before it is repeated, still the same code")
    func challengedAnew() async throws {
        let bench = try Bench(script: Script([.retry(after: .seconds(40), reason: "429")]))
        bench.deliver(.send(bench.request(codeSeconds: 30)))
        #expect(words(await bench.run()) == ["effect otp.attempts challenged", "state otp.sends send-job"])
        bench.tick(after: .seconds(50))
        let anew = bench.tick()
        #expect(words(anew).suffix(2) == ["effect otp.attempts challenged", "state otp.sends send-job"])
        #expect(try await bench.run().attempts == [.sent(Self.sent)])
        #expect(Set(bench.script.sent.all.map(\.body)).count == 1)
    }

    @Test("a stop ends what is not sent, in the queue of the worker as well")
    func stop() async throws {
        let bench = try Bench(script: Script([.retry(after: nil, reason: "500")]))
        bench.deliver(.send(bench.request()))
        bench.deliver(.stop(throughGeneration: 1))
        #expect(await bench.run().isEmpty)
        #expect(bench.script.sent.all.isEmpty)
        bench.tick(after: .seconds(60))
        #expect(bench.takeErrands().isEmpty)
    }

    @Test("a stop that came too late is followed by the news that the text was sent")
    func stopTooLate() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        let results = await bench.makeAttempts()
        bench.deliver(.stop(throughGeneration: 1))
        #expect(try bench.deliver(results.map { bench.incoming($0) }).attempts == [.sent(Self.sent)])
    }

    @Test("a delivery report may overtake the provider's answer")
    func receiptFirst() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        let results = await bench.makeAttempts()
        let receipt = DeliveryReceipt(number: 1, messageId: "SM1", outcome: .delivered, reason: nil, fault: nil)
        #expect(try bench.deliver(.receipt(receipt)).attempts == [.sent(Self.sent), .delivered(Self.sent)])
        #expect(bench.deliver(results.map { bench.incoming($0) }).isEmpty)
    }

    @Test("a refused number fails the text by the number's fault; what we can't judge is ours")
    func refusals() async throws {
        for (fault, expected) in [(SendFault.number, Verification.Fault.number), (.content, .ours)] {
            let bench = try Bench(script: Script([.refused(reason: "400 21211", fault: fault)]))
            bench.deliver(.send(bench.request()))
            let failure = TextFailure(number: 1, generation: 1, reason: "400 21211", fault: expected)
            #expect(try await bench.run().attempts == [.failed(failure)])
        }
    }

    @Test("trouble of our account is tried again every minute until the last time, and fails only as late")
    func accountTrouble() async throws {
        let refusals = [SendResult](repeating: .refused(reason: "401 20003", fault: .account), count: 20)
        let bench = try Bench(script: Script(refusals))
        bench.deliver(.send(bench.request()))
        var told: [AttemptMessage] = []
        for _ in 0..<20 {
            told += try await bench.run().attempts
            bench.tick(after: .seconds(75))
            told += try bench.tick().attempts.filter { if case .challenged = $0 { false } else { true } }
        }
        told.removeAll { if case .challenged = $0 { true } else { false } }
        #expect(told == [.failed(TextFailure(number: 1, generation: 1, reason: "late", fault: .ours))])
        #expect((8...14).contains(bench.script.sent.all.count))
        #expect(bench.logLines.all.contains { $0.contains("account") && $0.contains("401 20003") })
    }

    @Test("a message that can't be read is put aside, and the rest of its batch is decided")
    func deadLetter() async throws {
        let bench = try Bench()
        var broken = RequestMessage.send(bench.request()).record(bench.id, range: bench.range, bench.topology)
        broken.value = Array("{".utf8)
        var impossible = bench.request()
        impossible.generation = -1
        let staged = bench.deliver([
            bench.incoming(broken), bench.incoming(.send(impossible)), bench.incoming(.send(bench.request())),
        ])
        #expect(
            words(staged) == [
                "effect otp.dead dead-letter", "effect otp.dead dead-letter", "effect otp.attempts challenged",
                "state otp.sends send-job",
            ])
        #expect(bench.sender.deadLetters.value == 2)
    }

    @Test("a result that had to be put aside is followed by a look at the provider and the same text")
    func buriedResult() async throws {
        let bench = try Bench(script: Script([.accepted(messageId: "SM1")], lookup: .found(id: "SM1", status: "sent")))
        bench.deliver(.send(bench.request()))
        let results = await bench.makeAttempts()
        _ = bench.logic.bury(bench.incoming(try #require(results.first)), reason: "MSG_SIZE_TOO_LARGE")
        bench.logic.committed()
        bench.tick(after: .seconds(6))
        #expect(try await bench.run().attempts == [.sent(Self.sent)])
        #expect(bench.script.sent.all.count == 1)
    }

    @Test("beats keep the three topics rolling, again only after three hours less a minute")
    func beats() throws {
        let bench = try Bench()
        let beats = bench.tick()
        #expect(
            words(beats) == ["effect otp.requests beat", "state otp.sends beat", "state otp.numbers beat"])
        #expect(beats.allSatisfy { $0.record.partition == bench.lane.partition && $0.record.value == nil })
        #expect(bench.tick(after: .seconds(3 * 3600 - 61)).isEmpty)
        #expect(bench.tick(after: .seconds(2)).count == 3)
        #expect(bench.deliver([bench.incoming(try #require(beats.first).record)]).isEmpty)
    }

    @Test("nothing that is produced or logged shows the number, the code or the link")
    func nothingInClear() async throws {
        let bench = try Bench(
            script: Script([.ambiguous(reason: "timeout"), .refused(reason: "401", fault: .account)]))
        bench.tick()
        bench.deliver(.send(bench.request()))
        for _ in 0..<4 {
            await bench.run()
            bench.tick(after: .seconds(75))
        }
        bench.deliver(.stop(throughGeneration: 9))
        var code = ""
        for text in bench.script.sent.all { code = text.body.firstMatch(of: #/\d{6}/#).map { String($0.0) } ?? "" }
        #expect(code.count == 6)
        let secrets = [code, Bench.phone.dropFirst().description, bench.token.text, "/v/"]
        let records = bench.produced.flatMap { staged in
            [staged.record.key ?? [], staged.record.value ?? []] + staged.record.headers.map(\.value)
        }
        #expect(records.count > 40)
        for text in records.map({ String(decoding: $0, as: UTF8.self) }) + bench.logLines.all {
            for secret in secrets { #expect(!text.contains(secret)) }
        }
        #expect(!String(decoding: bench.metrics.exposition(), as: UTF8.self).contains(Bench.shop))
    }
}
