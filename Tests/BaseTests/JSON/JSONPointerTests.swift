import Base
import Testing

@Suite("JSON pointers")
struct JSONPointerTests {
    /// RFC 6901 §5, with the values there.
    static let example = """
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5, "k\\"l": 6, " ": 7,
        "m~n": 8}
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
        let tree = try #require(JSONTree(parsing: Self.example.utf8))
        #expect(JSONPointer(text)?.value(in: tree) == value)
        #expect(JSONPointer("")?.value(in: tree) == tree)
    }

    @Test(
        "and nothing where there is nothing",
        arguments: ["/x", "/foo/2", "/foo/-", "/foo/00", "/foo/-1", "/foo/0/x", "//"])
    func nothing(_ text: String) throws {
        let tree = try #require(JSONTree(parsing: Self.example.utf8))
        #expect(try #require(JSONPointer(text)).value(in: tree) == nil)
    }

    @Test("what is no pointer is none", arguments: ["foo", "/a~", "/a~2b", "#/foo"])
    func noPointer(_ text: String) {
        #expect(JSONPointer(text) == nil)
    }
}
