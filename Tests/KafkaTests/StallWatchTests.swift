import Testing

@testable import Kafka

/// When a partition counts as standing still; the clock is a number.
@Suite("A partition that stands still")
struct StallWatchTests {
    private func open(_ reached: Int64, steps: Int = 0) -> StallWatch.Standing {
        .init(isOpen: true, reached: reached, steps: steps, doing: "waiting for messages")
    }

    private func restoring(_ steps: Int) -> StallWatch.Standing {
        .init(isOpen: false, reached: 0, steps: steps, doing: "restoring")
    }

    @Test("is named after the patience and given up after twice that")
    func stands() {
        var watch = StallWatch(patience: .seconds(60))
        #expect(watch.look(at: 1_000, [3: open(7)], ends: [3: 9]) == .init())
        #expect(watch.look(at: 60_999, [3: open(7)], ends: [3: 12]) == .init())
        let text = "partition 3 stands still at 7 of 12 for 60 s: waiting for messages"
        #expect(watch.look(at: 61_000, [3: open(7)], ends: [3: 12]) == .init(still: [3: text]))
        #expect(!watch.look(at: 120_999, [3: open(7)], ends: [3: 12]).isOver)
        #expect(watch.look(at: 121_000, [3: open(7)], ends: [3: 12]).isOver)
    }

    @Test("is forgiven as soon as it moves")
    func moves() {
        var watch = StallWatch(patience: .seconds(60))
        _ = watch.look(at: 0, [3: open(7)], ends: [3: 9])
        #expect(watch.look(at: 100_000, [3: open(7)], ends: [3: 9]).still.count == 1)
        #expect(watch.look(at: 101_000, [3: open(8)], ends: [3: 9]) == .init())
        #expect(watch.look(at: 160_000, [3: open(8)], ends: [3: 9]) == .init())
        #expect(watch.look(at: 161_000, [3: open(8)], ends: [3: 9]).still.count == 1)
    }

    @Test("has work: an idle one may wait for ever, and its time begins with the first message")
    func idle() {
        var watch = StallWatch(patience: .seconds(60))
        for now in stride(from: Int64(0), to: 1_000_000, by: 1_000) {
            #expect(watch.look(at: now, [0: open(7), 1: open(0)], ends: [0: 7, 1: 0]) == .init())
        }
        #expect(watch.look(at: 1_058_999, [0: open(7)], ends: [0: 8]) == .init())
        #expect(watch.look(at: 1_059_000, [0: open(7)], ends: [0: 8]).still.count == 1)
    }

    @Test("is not to blame while Kafka is silent, nor while nobody tells its end")
    func silence() {
        for ends in [nil, [:]] as [[Int32: Int64]?] {
            var watch = StallWatch(patience: .seconds(60))
            _ = watch.look(at: 0, [3: open(7)], ends: [3: 9])
            #expect(watch.look(at: 500_000, [3: open(7)], ends: ends) == .init())
            #expect(watch.look(at: 559_999, [3: open(7)], ends: [3: 9]) == .init())
            #expect(watch.look(at: 560_000, [3: open(7)], ends: [3: 9]).still.count == 1)
        }
    }

    @Test("is not one that retries and says so")
    func retries() {
        var watch = StallWatch(patience: .seconds(60))
        for step in 0..<100 {
            #expect(watch.look(at: Int64(step) * 5_000, [3: open(7, steps: step)], ends: [3: 9]) == .init())
        }
    }

    @Test("while restoring is one whose rows stop coming, unless it waits for another's turn")
    func restores() {
        var watch = StallWatch(patience: .seconds(60))
        for step in 0..<100 {
            let both = [Int32(0): restoring(step), 1: restoring(0)]
            #expect(watch.look(at: Int64(step) * 5_000, both, ends: [:]) == .init())
        }
        let finding = watch.look(at: 495_000 + 60_000, [0: restoring(99), 1: restoring(0)], ends: [:])
        #expect(finding.still.keys.sorted() == [0, 1])
        #expect(!finding.isOver)
        #expect(watch.look(at: 495_000 + 120_000, [0: restoring(99), 1: open(0)], ends: [1: 4]).isOver)
    }

    @Test("is not one of a process that was not let run: all times begin anew")
    func paused() {
        var watch = StallWatch(patience: .seconds(60))
        func look(_ now: Int64) -> StallWatch.Finding {
            watch.comesBack(at: now)
            return watch.look(at: now, [3: open(7)], ends: [3: 9])
        }
        for now in stride(from: Int64(0), through: 50_000, by: 10_000) { #expect(look(now) == .init()) }
        #expect(look(500_000) == .init())
        for now in stride(from: Int64(510_000), to: 560_000, by: 10_000) { #expect(look(now) == .init()) }
        #expect(look(560_000).still.count == 1)
        #expect(look(570_001) == .init())
    }

    @Test("a partition that went and came back begins anew")
    func reassigned() {
        var watch = StallWatch(patience: .seconds(60))
        _ = watch.look(at: 0, [3: open(7)], ends: [3: 9])
        _ = watch.look(at: 50_000, [:], ends: [:])
        _ = watch.look(at: 55_000, [3: open(7)], ends: [3: 9])
        #expect(watch.look(at: 114_999, [3: open(7)], ends: [3: 9]) == .init())
    }
}
