import Foundation
import Testing

@testable import Platforms

@Suite("JSON of other people's shapes")
struct JSONTests {
    /// RFC 6901 §5, with the values there.
    static let example = """
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5, "k\\"l": 6, " ": 7, "m~n": 8}
        """

    @Test(
        "a pointer finds what RFC 6901 says it finds",
        arguments: [
            ("/foo/0", JSONTree.string("bar")), ("/foo/1", .string("baz")), ("/", .integer(0)), ("/a~1b", .integer(1)),
            ("/c%d", .integer(2)), ("/e^f", .integer(3)), ("/g|h", .integer(4)), ("/i\\j", .integer(5)),
            ("/k\"l", .integer(6)), ("/ ", .integer(7)), ("/m~0n", .integer(8)),
            ("/foo", .array([.string("bar"), .string("baz")])),
        ])
    func pointer(_ text: String, _ value: JSONTree) throws {
        let tree = try #require(JSONTree(parsing: Array(Self.example.utf8)))
        #expect(JSONPointer(text)?.value(in: tree) == value)
        #expect(JSONPointer("")?.value(in: tree) == tree)
    }

    @Test(
        "and nothing where there is nothing",
        arguments: ["/x", "/foo/2", "/foo/-", "/foo/00", "/foo/-1", "/foo/0/x", "//"])
    func nothing(_ text: String) throws {
        let tree = try #require(JSONTree(parsing: Array(Self.example.utf8)))
        #expect(try #require(JSONPointer(text)).value(in: tree) == nil)
    }

    @Test("what is no pointer is none", arguments: ["foo", "/a~", "/a~2b", "#/foo"])
    func noPointer(_ text: String) {
        #expect(JSONPointer(text) == nil)
    }

    @Test(
        "a tree is written as it was read",
        arguments: [
            "null", "true", "[1,-2,9007199254740993]", #"{"a":{"b":[]},"c":"é/\"\\"}"#, "0.5", #""""#, "[false,0]",
        ])
    func roundTrip(_ text: String) throws {
        let tree = try #require(JSONTree(parsing: Array(text.utf8)))
        #expect(String(decoding: tree.bytes, as: UTF8.self) == text)
    }

    @Test("what is no JSON is none", arguments: ["", "{", "{}x", "<html>", "NaN"])
    func noJSON(_ text: String) {
        #expect(JSONTree(parsing: Array(text.utf8)) == nil)
    }

    @Test(
        "no text breaks out of its string, or is looked through for variables",
        arguments: [
            #"say "hi""#, #"back\slash"#, #"\" , "to": "+0"#, "line\nline\r\ttab\u{0}\u{1F}", "\u{2028}\u{2029}",
            "👩‍👩‍👧 é ﷺ",
            #""}, {"x": "y"#, "{{to}} {{id}}", "</script>", "{{text}}",
        ])
    func noEscape(_ text: String) throws {
        let template = JSONTemplate(
            tree: try #require(
                JSONTree(
                    parsing: Array(
                        #"{"to":"{{to}}","list":[{"m":"<{{ text }}>{{id}}"}],"n":1,"{{to}}":"{ {{digits}} }"}"#.utf8))))
        #expect(template.problems.isEmpty)
        let message = TextMessage(to: "+14155550123", body: text, validitySeconds: 1, reference: "r-1")
        let bytes = template.filled(message).bytes
        let read = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(Set(read.keys) == ["to", "list", "n", "{{to}}"])
        #expect(read["to"] as? String == "+14155550123")
        let list = try #require(read["list"] as? [[String: String]])
        #expect(Array(try #require(list[0]["m"]).unicodeScalars) == Array("<\(text)>r-1".unicodeScalars))
        #expect(list.count == 1)
        #expect(list[0].count == 1)
        #expect(read["{{to}}"] as? String == "{ 14155550123 }")
    }

    @Test(
        "a template needs the number and the text, and knows no other variables",
        arguments: [
            (#"{"a":"{{text}}"}"#, ["{{to}} is missing"]), (#"["{{to}}"]"#, ["{{text}} is missing"]),
            (#"["{{to}} {{text}} {{code}}", "{{}}"]"#, ["{{}} is not known", "{{code}} is not known"]),
            (#"["{{digits}}", {"b":"{{text}}"}]"#, []), ("null", ["{{text}} is missing", "{{to}} is missing"]),
        ])
    func problems(_ text: String, _ problems: [String]) throws {
        let tree = try #require(JSONTree(parsing: Array(text.utf8)))
        #expect(JSONTemplate(tree: tree).problems == problems)
    }
}
