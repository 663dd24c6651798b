import Kafka
import Model
import Pipeline
import Platforms
import Testing

@testable import Sender

@Suite("Texts beside the code")
struct WordTests {
    private func word(_ bench: Bench, _ kind: TextKind) -> RequestMessage {
        var request = bench.request(number: kind == .verified ? 101 : 102)
        request.kind = kind
        return .send(request)
    }

    private func bench(_ script: Script = Script()) throws -> Bench {
        let bench = try Bench(script: script)
        bench.learnShop { $0.texts = ShopTexts(verified: [:], cancelled: ["en": "Gone: {{order}}"]) }
        return bench
    }

    @Test("each is sent once, in the merchant's words, and Verifier is not told")
    func sent() async throws {
        let bench = try bench()
        for kind in [TextKind.verified, .cancelled] {
            bench.deliver(word(bench, kind))
            bench.deliver(word(bench, kind))
            #expect(try await bench.run().attempts.isEmpty)
        }
        #expect(
            bench.script.sent.all.map(\.body) == [
                "example-store: thank you, your order #1001 is confirmed.", "Gone: #1001",
            ])
        #expect(bench.script.sent.all.allSatisfy { $0.statusCallback != nil })
        let after = bench.restart()
        after.deliver(word(after, .verified))
        #expect(after.takeErrands().isEmpty)
    }

    @Test("a report of its delivery, or of its failure, changes nothing for the verification")
    func reports() async throws {
        let bench = try bench()
        bench.deliver(word(bench, .verified))
        await bench.run()
        for outcome in [DeliveryReceipt.Outcome.sent, .delivered, .failed] {
            let receipt = DeliveryReceipt(
                number: 101, messageId: "SM1", outcome: outcome, reason: nil, fault: nil)
            #expect(try bench.deliver(.receipt(receipt)).attempts.isEmpty)
        }
    }

    @Test("what the merchant switched off meanwhile, or never switched on, is not sent")
    func unwanted() async throws {
        let bench = try Bench()
        bench.deliver(word(bench, .verified))
        #expect(try await bench.run().attempts.isEmpty)
        #expect(bench.script.sent.all.isEmpty)
        #expect(try bench.produced.jobs.last?.reason == "unwanted")
    }

    @Test("it counts as a text of its phone, and a STOP holds for it")
    func budgets() async throws {
        let bench = try bench()
        for number in 1...8 { bench.deliver(.send(bench.request(number: number))) }
        bench.deliver(word(bench, .verified))
        #expect(try bench.produced.jobs.last?.reason == "phone_shop_budget")
    }

    @Test("a stop of the code's texts does not stop it, and it lends no code its life")
    func apart() async throws {
        let bench = try bench(Script([.retry(after: .seconds(1), reason: "429")]))
        bench.deliver(word(bench, .verified))
        bench.deliver(.stop(throughGeneration: 1))
        await bench.run()
        bench.tick(after: .seconds(2))
        await bench.run()
        #expect(bench.script.sent.all.count == 2)
        let staged = bench.deliver(.send(bench.request()))
        let challenges = try staged.attempts.filter { if case .challenged = $0 { true } else { false } }
        #expect(challenges.count == 1)
    }

    @Test("an erased verification's is stopped")
    func erased() async throws {
        let bench = try bench(Script([.retry(after: .seconds(1), reason: "429")]))
        bench.deliver(word(bench, .cancelled))
        bench.deliver(.stop(throughGeneration: SendJob.allGenerations))
        await bench.run()
        bench.tick(after: .seconds(2))
        await bench.run()
        #expect(try bench.produced.jobs.last?.state == .stopped)
        #expect(bench.script.sent.all.isEmpty)
    }

    @Test("what could not be sent in its time is given up")
    func late() async throws {
        let bench = try bench(Script([SendResult](repeating: .retry(after: .seconds(100), reason: "429"), count: 9)))
        bench.deliver(word(bench, .verified))
        await bench.run()
        bench.tick(after: .seconds(4000))
        bench.tick()
        #expect(try bench.produced.jobs.last?.reason == "late")
    }
}
