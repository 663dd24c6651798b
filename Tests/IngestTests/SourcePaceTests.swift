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
}
