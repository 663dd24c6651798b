import Testing

@testable import Base

@Suite("Crash points")
struct CrashPointTests {
    @Test(
        "are armed by name, and by the hit",
        arguments: [
            ("desk.decided", CrashPoint.deskDecided, 1), ("desk.decided:1", .deskDecided, 1),
            ("reaper.noted:12", .reaperNoted, 12),
        ])
    func armed(text: String, point: CrashPoint, hit: Int) {
        let parsed = CrashPoint.parse(text)
        #expect(parsed?.point == point)
        #expect(parsed?.hit == hit)
    }

    @Test(
        "are not armed by anything else", arguments: ["", "desk", "desk.decided:", "desk.decided:0", "desk.decided:x"])
    func refused(text: String) {
        #expect(CrashPoint.parse(text) == nil)
    }
}
