import Testing

@testable import Platforms

@Suite("Times")
struct RFC3339Tests {
    @Test(
        "RFC 3339 with offsets and fractions",
        arguments: [
            ("2026-11-20T15:32:40+05:30", 1_795_168_960_000), ("2026-11-20T10:02:40Z", 1_795_168_960_000),
            ("2026-11-20T10:02:40.120233310Z", 1_795_168_960_120), ("2026-11-20T10:02:40.5+05:30", 1_795_149_160_500),
            ("2026-11-20T10:02:11-05:00", 1_795_186_931_000), ("1970-01-01T00:00:00Z", 0),
            ("2021-12-31T19:00:00-05:00", 1_640_995_200_000),
        ] as [(String, Int64)])
    func reads(text: String, milliseconds: Int64) {
        #expect(RFC3339.milliseconds(text) == milliseconds)
    }

    @Test("No time", arguments: ["", "now", "2026-11-20", "2026-13-20T10:02:40Z", "2026-11-20T10:02:40", "1795168960"])
    func refuses(text: String) {
        #expect(RFC3339.milliseconds(text) == nil)
    }

    @Test("A year no clock shows is no crash")
    func farFuture() {
        #expect(RFC3339.milliseconds("999999999999-11-20T10:02:40Z") == nil)
    }

    @Test(
        "Dates of mails and of HTTP",
        arguments: [
            ("Fri, 20 Nov 2026 10:02:41 GMT", 1_795_168_961_000),
            ("Fri, 20 Nov 2026 10:02:41 +0000", 1_795_168_961_000),
            ("Fri, 20 Nov 2026 15:32:41 +0530", 1_795_168_961_000), ("Sun, 6 Nov 1994 08:49:37 GMT", 784_111_777_000),
            ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Fri, 20 Foo 2026 10:02:41 GMT", nil), ("", nil),
        ] as [(String, Int64?)])
    func mailDates(text: String, milliseconds: Int64?) {
        #expect(RFC3339.mailDate(text) == milliseconds)
    }

    @Test("A day is the day in UTC")
    func day() {
        #expect(RFC3339.day(1_795_168_961_000) == "2026-11-20")
        #expect(RFC3339.day(1_795_132_799_999) == "2026-11-19")
    }

    @Test(
        "Retry-After as seconds and as a date",
        arguments: [
            ("1", .seconds(1)), ("0", .zero), ("2.0", .seconds(2)), ("0.25", .milliseconds(250)),
            ("999999999999", .seconds(86_400)), ("Fri, 20 Nov 2026 10:02:41 GMT", .seconds(41)),
            ("Fri, 20 Nov 2026 09:00:00 GMT", .zero), ("-5", nil), ("nan", nil), ("inf", nil), ("soon", nil),
        ] as [(String, Duration?)])
    func retryAfter(text: String, wait: Duration?) {
        #expect(RetryAfter.parse(text, now: 1_795_168_920_000) == wait)
    }
}
