import Foundation
import Kafka
import Model
import Pipeline
import Platforms
import Testing

@testable import Sender

@Suite("Limits at the desk over otp.requests")
struct LimitTests {
    /// A request of another order, for another phone.
    private func order(_ bench: Bench, phone: String, shop: String = Bench.shop) -> IncomingRecord {
        var request = bench.request(openedAt: bench.clock.now)
        request.subject.phoneHash = bench.identity.phoneHash(phone)
        request.subject.range = bench.identity.rangeHash(phone)
        request.subject.shop = shop
        let id = VerificationID(UUID())
        return bench.incoming(RequestMessage.send(request).record(id, range: request.subject.range, bench.topology))
    }

    private func reasons(_ staged: [StagedRecord]) throws -> [String] {
        try staged.attempts.compactMap { if case .failed(let failure) = $0 { failure.reason } else { nil } }
    }

    private func intended(_ staged: [StagedRecord]) throws -> Int {
        try staged.jobs.count { $0.state == .intended }
    }

    @Test("fifty thousand orders over one range of ten thousand numbers leak twenty texts; another range loses none")
    func pumping() throws {
        var bench = try Bench()
        var leaked = 0
        var refused: [String: Int] = [:]
        var honest = 0
        for batch in 0..<100 {
            bench.clock.advance(by: .seconds(60))
            var records = (0..<500).map { index in
                let number = (batch * 500 + index) * 7_919 % 10_000
                return order(bench, phone: String(format: "+447070%06d", 120_000 + number), shop: "s\(index).example")
            }
            // Ten thousand numbers: those of one range.
            if batch == 0 { #expect(Set(try records.map { try RequestMessage($0).range }).count == 1) }
            if batch % 10 == 0 { records.append(order(bench, phone: String(format: "+1415555%04d", batch))) }
            let staged = bench.deliver(records)
            honest += batch % 10 == 0 ? 1 : 0
            leaked += try intended(staged)
            for reason in try reasons(staged) { refused[reason, default: 0] += 1 }
            // Half way the instance is replaced by one that knows only what stands on the topics.
            if batch == 50 { bench = bench.restart() }
        }
        #expect(leaked - honest == 20)
        #expect(honest == 10)
        #expect(refused == ["range_blocked": 49_980])
    }

    @Test("a refused text fails with its reason, through no fault of the number, and no code is made for it")
    func refusal() throws {
        let bench = try Bench()
        for _ in 0..<8 { #expect(try intended(bench.deliver([order(bench, phone: Bench.phone)])) == 1) }
        let hashes = bench.sender.hashes.value
        let staged = bench.deliver([order(bench, phone: Bench.phone)])
        #expect(words(staged) == ["effect otp.attempts failed", "state otp.sends send-job"])
        let failure = TextFailure(number: 1, generation: 1, reason: "phone_shop_budget", fault: .ours)
        #expect(try staged.attempts == [.failed(failure)])
        let job = try #require(try staged.jobs.first)
        #expect(job.state == .failed)
        #expect(job.request.subject.phone == Sealed([]), "what is not sent need not be kept")
        #expect(bench.sender.hashes.value == hashes)
        #expect(
            String(decoding: bench.metrics.exposition(), as: UTF8.self).contains(
                #"otp_sender_refused_total{reason="phone_shop_budget"} 1"#))
    }

    @Test("a hundred shops, and resends, share one phone's budget; a restart does not reset it")
    func bombing() throws {
        var bench = try Bench()
        var sent = 0
        for shop in 0..<100 {
            sent += try intended(bench.deliver([order(bench, phone: Bench.phone, shop: "s\(shop).example")]))
            if shop == 6 {
                sent += try intended(bench.deliver(.send(bench.request(number: 2))))
                bench = bench.restart()
            }
        }
        #expect(sent == 12)
        #expect(try reasons(bench.deliver(.send(bench.request(number: 3)))) == ["phone_budget"])
    }

    @Test("a request that comes twice is counted once; one rolled back is not counted at all")
    func countedOnce() throws {
        let bench = try Bench()
        let record = bench.incoming(.send(bench.request()))
        let key = try #require(NumberKey(bench.identity.phoneHash(Bench.phone)))
        _ = bench.logic.decide([record])
        bench.logic.rolledBack()
        #expect(bench.logic.numbers[key] == nil)
        bench.deliver([record])
        bench.deliver([record])
        bench.deliver(.send(bench.request()))
        guard case .phone(let row)? = bench.logic.numbers[key] else { Issue.record("no row"); return }
        #expect(row.texts.map(\.offset) == [record.offset])
    }

    @Test("after a crash between the number's row and the job's the text is sent and counted once")
    func crashBetweenRows() throws {
        let bench = try Bench()
        let record = bench.incoming(.send(bench.request()))
        let staged = bench.logic.decide([record])
        let rows = staged.filter { $0.record.topic == "otp.numbers" }
        #expect(rows.count == 2 && rows.allSatisfy { $0.stage == .effect }, "budgets go before the job")
        bench.produced += staged.filter { $0.stage == .effect }
        let next = bench.restart()
        #expect(try intended(next.deliver([record])) == 1)
        let key = try #require(NumberKey(bench.identity.phoneHash(Bench.phone)))
        guard case .phone(let row)? = next.logic.numbers[key] else { Issue.record("no row"); return }
        #expect(row.texts.count == 1)
    }

    @Test("who verifies keeps a range open, once for each verification")
    func verified() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        await bench.run()
        let key = try #require(NumberKey(bench.range))
        bench.deliver(.verified)
        bench.deliver(.verified)
        guard case .range(let row)? = bench.logic.numbers[key] else { Issue.record("no row"); return }
        #expect(row.sent == 1 && row.verified == 1)
    }

    @Test("a test number is exempt from the budgets and leaves no row")
    func testNumbers() throws {
        let plain = try Bench()
        let bench = try Bench(testPhones: [plain.identity.phoneHash(Bench.phone)])
        for _ in 0..<50 { #expect(try intended(bench.deliver([order(bench, phone: Bench.phone)])) == 1) }
        #expect(bench.logic.numbers.count == 0)
    }

    @Test("rows are taken away thirty days after their last text, some each tick, by tombstones")
    func purge() throws {
        let bench = try Bench()
        bench.deliver([order(bench, phone: Bench.phone)])
        bench.logic.caughtUp(now: bench.clock.now)
        func tombstones(_ staged: [StagedRecord]) -> Int {
            staged.count { $0.record.topic == "otp.numbers" && $0.record.value == nil && $0.record.key?.first != 0x5F }
        }
        #expect(tombstones(bench.tick(after: .seconds(30 * 86_400 - 1))) == 0)
        #expect(tombstones(bench.tick(after: .seconds(3_601))) == 2)
        #expect(bench.logic.numbers.count == 0)
        #expect(tombstones(bench.tick(after: .seconds(3_601))) == 0)
    }
}

extension RequestMessage {
    fileprivate var range: String {
        if case .send(let request) = self { request.subject.range } else { "" }
    }
}
