import Base
import Runtime
import Testing

@testable import Ingest

@Suite("How fast a source may post")
struct SourcePaceTests {
    @Test("fifty at once, then twenty a second, each source for itself")
    func bucket() {
        let clock = ManualClock(1000)
        let pace = SourcePace(clock: clock.clock)
        for _ in 0..<50 { #expect(pace.take("a.example") == nil) }
        #expect(pace.take("a.example") == 1)
        #expect(pace.take("b.example") == nil)
        clock.advance(by: .milliseconds(49))
        #expect(pace.take("a.example") == 1)
        clock.advance(by: .milliseconds(1))
        #expect(pace.take("a.example") == nil)
        #expect(pace.take("a.example") == 1)
        clock.advance(by: .seconds(1))
        for _ in 0..<20 { #expect(pace.take("a.example") == nil) }
        #expect(pace.take("a.example") == 1)
        clock.advance(by: .seconds(60))
        for _ in 0..<50 { #expect(pace.take("a.example") == nil) }
        #expect(pace.take("a.example") == 1)
    }

    @Test("the last 256 stored deliveries of a source are known again, each as long as its signature is good")
    func stored() {
        let clock = ManualClock(1000)
        let pace = SourcePace(clock: clock.clock)
        let content = SourcePace.content([1, 2], version: 1)
        #expect(content != SourcePace.content([1, 2], version: 2) && content != SourcePace.content([1], version: 1))
        pace.remember("a", content, of: "a.example", for: 300_000)
        #expect(pace.isStored("a", content, of: "a.example"))
        #expect(!pace.isStored("a", content + 1, of: "a.example") && !pace.isStored("b", content, of: "a.example"))
        #expect(!pace.isStored("a", content, of: "b.example"))
        for index in 1..<256 { pace.remember("m\(index)", 0, of: "a.example", for: 300_000) }
        #expect(pace.isStored("a", content, of: "a.example"))
        pace.remember("m256", 0, of: "a.example", for: 300_000)
        #expect(!pace.isStored("a", content, of: "a.example") && pace.isStored("m1", 0, of: "a.example"))
        clock.advance(by: .seconds(300))
        #expect(!pace.isStored("m256", 0, of: "a.example"))
    }
}
