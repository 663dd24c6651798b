import Model
import Platforms
import Testing

@testable import Sender

@Suite("A provider that can't or won't")
struct ProviderPauseTests {
    private func metric(_ bench: Bench, _ name: String) -> String? {
        let series = name + #"{provider="script"} "#
        return String(decoding: bench.metrics.exposition(), as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix(series) }.map { String($0.dropFirst(series.count)) }
    }

    @Test("bad credentials stop all texts, count no attempt, alarm, and burn no order: repaired, the text is sent")
    func repaired() async throws {
        let bench = try Bench(
            script: Script([SendResult](repeating: .refused(reason: "401 20003", fault: .account), count: 3)))
        bench.deliver(.send(bench.request()), .send(bench.request(number: 2)))
        for round in 1...3 {
            #expect(try await bench.run().attempts.isEmpty)
            // One text asks for all.
            #expect(bench.script.sent.all.count == round)
            #expect(metric(bench, "otp_sender_provider_repair") == "1")
            #expect(metric(bench, "otp_sender_breaker") == "2")
            bench.tick(after: .seconds(61))
        }
        #expect(try bench.produced.jobs.allSatisfy { $0.attempts == 0 })
        var told: [Int] = []
        for _ in 0..<3 {
            told += try await bench.run().attempts.compactMap {
                if case .sent(let text) = $0 { text.number } else { nil }
            }
            bench.tick(after: .seconds(2))
        }
        #expect(Set(told) == [1, 2])
        #expect(metric(bench, "otp_sender_provider_repair") == "0")
        #expect(metric(bench, "otp_sender_breaker") == "0")
        #expect(bench.provider.accountTroubles.value == 3)
        #expect(bench.script.searches.all.isEmpty)
    }

    @Test("a country that is not enabled stops the texts to it alone")
    func oneCountry() throws {
        let bench = try Bench()
        #expect(bench.gate.ask("+1") == .granted)
        #expect(bench.gate.note(.refused(reason: "400 21408", fault: .destination), "+1"))
        #expect(bench.gate.ask("+1") == .shut(until: bench.clock.now + 60_000))
        #expect(bench.gate.ask("+49") == .granted)
        #expect(!bench.gate.note(.accepted(messageId: "SM1"), "+49"))
        #expect(bench.gate.ask("+1") != .granted)
        #expect(metric(bench, "otp_sender_destination_repair") == "1")
        #expect(metric(bench, "otp_sender_provider_repair") == "0")
        bench.clock.advance(by: .seconds(60))
        #expect(bench.gate.ask("+1") == .granted)
        #expect(!bench.gate.note(.accepted(messageId: "SM2"), "+1"))
        #expect(metric(bench, "otp_sender_destination_repair") == "0")
    }

    @Test("a wish to be left alone holds for all texts; one of an hour is a limit that somebody has to know of")
    func wishes() throws {
        let bench = try Bench()
        #expect(!bench.gate.note(.retry(after: .seconds(7), reason: "429 20429"), "+1"))
        #expect(bench.gate.ask("+49") == .shut(until: bench.clock.now + 7_000))
        #expect(bench.provider.accountTroubles.value == 0)
        bench.clock.advance(by: .seconds(7))
        #expect(bench.gate.ask("+49") == .granted)
        #expect(bench.gate.note(.retry(after: .seconds(3600), reason: "429 63038"), "+49"))
        #expect(metric(bench, "otp_sender_provider_repair") == "1")
        #expect(bench.logLines.all.contains { $0.contains("63038") })
    }

    @Test("a provider that does not answer is left alone, tried with one text, and taken up again")
    func down() throws {
        let bench = try Bench()
        for _ in 0..<5 {
            #expect(bench.gate.ask("+1") == .granted)
            #expect(!bench.gate.note(.retry(after: nil, reason: "no answer"), "+1"))
        }
        #expect(bench.gate.ask("+1") == .shut(until: bench.clock.now + 5_000))
        #expect(metric(bench, "otp_sender_breaker_opened_total") == "1")
        bench.clock.advance(by: .seconds(5))
        #expect(bench.gate.ask("+1") == .granted)
        #expect(bench.gate.ask("+1") != .granted)
        #expect(metric(bench, "otp_sender_breaker") == "1")
        bench.gate.unasked("+1")
        #expect(bench.gate.ask("+1") == .granted)
        #expect(!bench.gate.note(.accepted(messageId: "SM1"), "+1"))
        #expect(metric(bench, "otp_sender_breaker") == "0")
    }

    @Test("a held text is let go when it is stopped or its partition is lost")
    func withdrawn() async throws {
        let bench = try Bench(script: Script([.refused(reason: "401", fault: .account)]))
        bench.deliver(.send(bench.request()))
        await bench.run()
        bench.deliver(.stop(throughGeneration: 1))
        bench.tick(after: .seconds(61))
        #expect(await bench.run().isEmpty)
        #expect(bench.script.sent.all.count == 1)
    }
}
