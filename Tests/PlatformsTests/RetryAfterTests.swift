import Testing

@testable import Platforms

@Suite("Retry-After")
struct RetryAfterTests {
    @Test(
        "is seconds or a date",
        arguments: [
            ("1", .seconds(1)), ("0", .zero), ("2.0", .seconds(2)), ("0.25", .milliseconds(250)),
            ("999999999999", .seconds(86_400)), ("Fri, 20 Nov 2026 10:02:41 GMT", .seconds(41)),
            ("Fri, 20 Nov 2026 09:00:00 GMT", .zero), ("-5", nil), ("nan", nil), ("inf", nil), ("soon", nil),
        ] as [(String, Duration?)])
    func reads(text: String, wait: Duration?) {
        #expect(RetryAfter.parse(text, now: 1_795_168_920_000) == wait)
    }
}
