import Base
import Testing

@testable import Runtime

/// A value that masks itself, as secrets and phones do.
private struct Hidden: CustomStringConvertible {
    let bytes = "hunter2"
    var description: String { "•••" }
}

private struct Refusal: Error, CustomStringConvertible {
    let description = "refused: \"no\""
}

@Suite struct LogTests {
    private let lines = Lines()

    private func log(_ level: LogLevel = .info) -> Log {
        Log(name: "otp-sender", level: level, clock: ManualClock(1_770_000_000_123).clock, write: lines.write)
    }

    @Test("one event is one line of time, level, daemon, message and fields")
    func line() {
        log().info("text sent", [("partition", 3), ("topic", "otp.sends"), ("ms", .milliseconds(.seconds(1.5)))])
        #expect(
            lines.text == "time=2026-02-02T02:40:00.123Z level=info daemon=otp-sender msg=\"text sent\" "
                + "partition=3 topic=otp.sends ms=1500\n")
    }

    @Test("levels below the log's own are not written", arguments: LogLevel.allCases)
    func levels(_ level: LogLevel) {
        let log = log(level)
        log.debug("d")
        log.info("i")
        log.warning("w")
        log.error("e")
        let expected = LogLevel.allCases.filter { $0 >= level }.map(\.rawValue)
        #expect(lines.all.map { $0.split(separator: " ")[1].dropFirst(6) } == expected.map { $0[...] })
    }

    @Test(
        "a value is quoted when it must be, and never breaks the line",
        arguments: [
            ("plain", "plain"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""),
            ("say \"hi\"", "\"say \\\"hi\\\"\""), ("back\\slash", "\"back\\\\slash\""),
            ("line\nend\r\ttab", "\"line\\nend\\r\\ttab\""), ("nul\0", "\"nul\\u0000\""),
            ("esc\u{1b}[31m", "\"esc\\u001b[31m\""), ("del\u{7f}", "\"del\\u007f\""), ("c1\u{9b}", "\"c1\\u009b\""),
            ("sep\u{2028}", "\"sep\\u2028\""), ("rtl\u{202e}", "\"rtl\\u202e\""), ("tag\u{e0041}", "\"tag\\ue0041\""),
            ("für 数", "\"für 数\""), ("+1*****4567", "+1*****4567"),
        ])
    func escaping(value: String, written: String) {
        log().info("x", [("k", .text(value))])
        #expect(lines.text.hasSuffix(" k=\(written)\n"))
        #expect(lines.text.filter(\.isNewline).count == 1)
    }

    @Test("keys are made safe, long values are cut")
    func odd() {
        log().info("x", [("a b=\"c\"\n", 1), ("", true), ("long", .text(String(repeating: "x", count: 5000)))])
        #expect(lines.text.contains(" a_b__c__=1 _=true long=\"xxx"))
        #expect(lines.text.hasSuffix("x…\"\n") && lines.text.utf8.count < 1200)
    }

    @Test("what masks itself is masked in a log as well")
    func masked() {
        log().warning("x", [("direct", LogValue(Hidden())), ("inside", "Bearer \(Hidden())")])
        #expect(!lines.text.contains("hunter2"))
        #expect(lines.text.hasSuffix(" direct=\"•••\" inside=\"Bearer •••\"\n"))
    }

    @Test("errors and numbers describe themselves")
    func values() {
        log().error("x", [("error", .error(Refusal())), ("n", .number(UInt8(7))), ("flag", false)])
        #expect(lines.text.hasSuffix(" error=\"refused: \\\"no\\\"\" n=7 flag=false\n"))
    }
}
