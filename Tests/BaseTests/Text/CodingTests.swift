import Base
import Testing

@Suite("Bytes and text in other alphabets")
struct CodingTests {
    @Test(
        "hexadecimal, in lower case, read in either",
        arguments: [([], ""), ([0x00, 0x0f, 0xa5, 0xff], "000fa5ff")] as [([UInt8], String)])
    func hex(bytes: [UInt8], text: String) {
        #expect(Hex.encode(bytes) == text)
        #expect(text.utf8.compactMap(Hex.value) == bytes.flatMap { [$0 >> 4, $0 & 15] })
        #expect(text.uppercased().utf8.compactMap(Hex.value) == bytes.flatMap { [$0 >> 4, $0 & 15] })
    }

    @Test("what is no digit is none", arguments: "/:@G`g \u{00}é".utf8)
    func noDigit(byte: UInt8) {
        #expect(Hex.value(byte) == nil)
    }

    @Test(
        "base64url without padding",
        arguments: [
            ([], ""), ([0x66], "Zg"), ([0x66, 0x6f], "Zm8"), ([0x66, 0x6f, 0x6f], "Zm9v"),
            ([0xfb, 0xff, 0xbf], "-_-_"),
        ] as [([UInt8], String)])
    func base64url(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text[...]) == bytes)
    }

    @Test("base64url has one spelling for each value", arguments: ["Zg==", "Zh", "Z", "Zm9+", "Zm9/", "Zm 9", "Zg\n"])
    func noBase64url(text: String) {
        #expect(Base64URL.decode(text[...]) == nil)
    }

    static let printable = String(decoding: UInt8(0x20)...0x7e, as: UTF8.self)

    @Test("a percent-encoded text keeps what its kind keeps")
    func percent() {
        let middle = """
            0123456789%3A%3B%3C%3D%3E%3F%40ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_%60abcdefghijklmnopqrstuvwxyz%7B%7C%7D
            """
        #expect(
            PercentCoding.encode(Self.printable) == "%20%21%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F\(middle)~")
        #expect(URIComponent.encode(Self.printable) == "%20!%22%23%24%25%26'()*%2B%2C-.%2F\(middle)~")
        #expect(
            FormCoding.encode([(Self.printable, "é")])
                == "+%21%22%23%24%25%26%27%28%29*%2B%2C-.%2F\(middle)%7E=%C3%A9")
        #expect(PercentCoding.encode("a-b_c.d~e+/=é") == "a-b_c.d~e%2B%2F%3D%C3%A9")
        #expect(URIComponent.query([("a", "1"), ("b", "two words&c")]) == "a=1&b=two%20words%26c")
        #expect(URIComponent.query([]) == "")
    }

    @Test(
        "a path's text is decoded strictly",
        arguments: [
            ("plain+~", "plain+~"), ("%C3%A9%2f%2F", "é//"), ("", ""), ("%", nil), ("%4", nil), ("%zz", nil),
            ("%00", nil), ("%ff", nil), ("a%20b", "a b"),
        ] as [(String, String?)])
    func decoded(text: String, expected: String?) {
        #expect(PercentCoding.decode(text[...]) == expected)
    }

    @Test(
        "a form is decoded as the URL standard says",
        arguments: [
            ("a=1&b=two+words&a=%C3%A9", [("a", "1"), ("b", "two words"), ("a", "é")]),
            ("&&x&=y&z=a=b", [("x", ""), ("", "y"), ("z", "a=b")]),
            ("bad=%zz&half=%4&byte=%ff", [("bad", "%zz"), ("half", "%4"), ("byte", "\u{FFFD}")]), ("", []),
        ])
    func forms(text: String, expected: [(String, String)]) {
        #expect(FormCoding.decode(text.utf8).map { [$0.0, $0.1] } == expected.map { [$0.0, $0.1] })
    }

    @Test("a form that was encoded is decoded to the same")
    func formRoundTrip() {
        let fields = [(Self.printable, "line\r\nline\u{0}"), ("", ""), ("ß", "👩‍👩‍👧")]
        #expect(FormCoding.decode(FormCoding.encode(fields).utf8).map { [$0.0, $0.1] } == fields.map { [$0.0, $0.1] })
    }

    @Test(
        "no text becomes markup, whatever follows a character",
        arguments: [
            ("", ""), ("<b>&\"shop'", "&lt;b&gt;&amp;&quot;shop&#39;"), ("&amp;", "&amp;amp;"),
            ("é 👩‍👩‍👧 \u{0}", "é 👩‍👩‍👧 \u{0}"),
            ("<\u{301}script>\u{200d}", "&lt;\u{301}script&gt;\u{200d}"),
        ])
    func html(text: String, escaped: String) {
        #expect(Array(HTMLText.escape(text).unicodeScalars) == Array(escaped.unicodeScalars))
    }

    @Test(
        "what moves a cursor, hides or turns text is not printable",
        arguments: "\u{0}\n\u{1B}\u{9B}\u{200B}\u{202E}\u{2028}\u{FEFF}\u{E000}".unicodeScalars)
    func unprintable(scalar: Unicode.Scalar) {
        #expect(!scalar.isPrintable)
    }

    @Test("letters, marks, digits, blanks and pictures are", arguments: "aé٣ \u{A0}\u{301}😀€".unicodeScalars)
    func printable(scalar: Unicode.Scalar) {
        #expect(scalar.isPrintable)
    }
}
