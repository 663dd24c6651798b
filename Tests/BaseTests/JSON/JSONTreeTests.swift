import Base
import Testing

@Suite("JSON of other people's shapes")
struct JSONTreeTests {
    @Test(
        "a tree is written as it was read",
        arguments: [
            "null", "true", "[1,-2,9007199254740993]", #"{"a":{"b":[]},"c":"é/\"\\"}"#, "0.5", #""""#, "[false,0]",
            "-9223372036854775808",
        ])
    func roundTrip(_ text: String) throws {
        let tree = try #require(JSONTree(parsing: text.utf8))
        #expect(String(decoding: tree.bytes, as: UTF8.self) == text)
    }

    @Test(
        "every kind of value is told from the others",
        arguments: [
            ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("1", .integer(1)), ("0", .integer(0)),
            ("1.5", .number(1.5)), ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("\"1\"", .string("1")),
            ("\"true\"", .string("true")), ("\"\"", .string("")), ("[]", .array([])), ("{}", .object([:])),
            ("[[null],{\"a\":-1}]", [[.null], ["a": -1]]),
        ] as [(String, JSONTree)])
    func kinds(text: String, tree: JSONTree) {
        #expect(JSONTree(parsing: text.utf8) == tree)
    }

    @Test(
        "what is no JSON is none",
        arguments: ["", "{", "{}x", "<html>", "NaN", "1e999", #""\x""#, #"{"a":[{"b":"\ud800"}]}"#, "01"])
    func noJSON(_ text: String) {
        #expect(JSONTree(parsing: text.utf8) == nil)
    }

    @Test("nesting that no document of ours has is refused, not followed")
    func deep() {
        #expect(JSONTree(parsing: [UInt8](repeating: 0x5B, count: 100_000)) == nil)
        let nested = [UInt8](repeating: 0x5B, count: 100_000) + [UInt8](repeating: 0x5D, count: 100_000)
        #expect(JSONTree(parsing: nested) == nil)
    }

    @Test("a value is read as what it is, and as nothing else")
    func access() {
        let tree: JSONTree = ["a": 1, "b": 1.5, "c": "x", "d": true, "e": ["x", "y"], "f": .null, "g": ["x", 1]]
        #expect(tree["a"]?.integer == 1)
        #expect(tree["a"]?.number == 1)
        #expect(tree["b"]?.number == 1.5)
        #expect(tree["b"]?.integer == nil)
        #expect(tree["c"]?.string == "x")
        #expect(tree["c"]?.number == nil)
        #expect(tree["d"]?.bool == true)
        #expect(tree["e"]?.strings == ["x", "y"])
        #expect(tree["g"]?.strings == nil)
        #expect(tree["g"]?.array?.count == 2)
        #expect(tree["f"] == .null)
        #expect(tree["h"] == nil)
        #expect(tree.object?.count == 7)
        #expect(tree.strings == nil)
        #expect(JSONTree.optional(nil) == .null)
        #expect(JSONTree.optional("x") == "x")
    }

    @Test("setting a member makes an object, setting nil removes it")
    func setting() {
        var tree: JSONTree = ["a": 1, "b": 2]
        tree["a"] = nil
        tree["b"] = "x"
        tree["c"] = .null
        #expect(tree == ["b": "x", "c": .null])
        tree = 1
        tree["a"] = [true]
        #expect(tree == ["a": [true]])
    }

    /// RFC 7396, appendix A.
    @Test(
        "a merge patch does what RFC 7396 says",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
            (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"),
            (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
            (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ])
    func merge(original: String, patch: String, result: String) throws {
        let tree = try #require(JSONTree(parsing: original.utf8))
        let merged = tree.merged(with: try #require(JSONTree(parsing: patch.utf8)))
        #expect(String(decoding: merged.bytes, as: UTF8.self) == result)
    }
}
