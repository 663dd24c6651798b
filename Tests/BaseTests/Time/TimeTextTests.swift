import Base
import Foundation
import Testing

@Suite("Times as text")
struct TimeTextTests {
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
        #expect(MailDate.milliseconds(text) == milliseconds)
    }

    @Test(
        "every spelling, fractions cut",
        arguments: [
            (
                1_795_168_961_120, "2026-11-20T10:02:41Z", "2026-11-20T10:02:41.120Z", "2026-11-20",
                "Fri, 20 Nov 2026 10:02:41"
            ),
            (
                1_795_132_799_999, "2026-11-19T23:59:59Z", "2026-11-19T23:59:59.999Z", "2026-11-19",
                "Thu, 19 Nov 2026 23:59:59"
            ),
            (
                784_111_777_000, "1994-11-06T08:49:37Z", "1994-11-06T08:49:37.000Z", "1994-11-06",
                "Sun, 06 Nov 1994 08:49:37"
            ),
            (0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "1970-01-01", "Thu, 01 Jan 1970 00:00:00"),
            (-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z", "1969-12-31", "Wed, 31 Dec 1969 23:59:59"),
        ] as [(Int64, String, String, String, String)])
    func writes(milliseconds: Int64, text: String, precise: String, day: String, mail: String) {
        #expect(RFC3339.text(milliseconds) == text)
        #expect(RFC3339.precise(milliseconds) == precise)
        #expect(RFC3339.day(milliseconds) == day)
        #expect(MailDate.text(milliseconds) == "\(mail) +0000")
        #expect(MailDate.httpText(milliseconds) == "\(mail) GMT")
        #expect(UTCText.format(milliseconds, "%y%m%d%H%M").utf8.count == 10)
    }

    @Test("are what Foundation writes, from 1970 to 9999", arguments: [1, 2, 3] as [UInt64])
    func sameAsFoundation(seed: UInt64) {
        var random = Xorshift(seed)
        for _ in 0..<2000 {
            let time = Int64.random(in: 0...253_402_300_799_999, using: &random)
            let date = Date(timeIntervalSince1970: (Double(time) + 0.5) / 1000)
            #expect(RFC3339.text(time) == date.formatted(.iso8601))
            #expect(RFC3339.precise(time) == date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
            #expect(RFC3339.day(time) == date.formatted(.iso8601.year().month().day()))
            #expect(RFC3339.milliseconds(RFC3339.precise(time)) == time)
            #expect(MailDate.milliseconds(MailDate.text(time)) == time - time % 1000)
        }
    }

    @Test("times that no clock shows are no crash", arguments: [Int64.min, Int64.max, -62_135_596_800_001])
    func extremes(milliseconds: Int64) {
        #expect(RFC3339.precise(milliseconds).hasSuffix("Z"))
        #expect(MailDate.text(milliseconds).hasSuffix("+0000"))
    }
}
