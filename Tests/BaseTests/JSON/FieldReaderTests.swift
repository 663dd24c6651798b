import Base
import Testing

@Suite("Fields of a JSON object")
struct FieldReaderTests {
    private enum Colour: String, CaseIterable {
        case red, green
    }

    /// Asks for one field of each kind.
    private static func readAll(_ reader: inout FieldReader) {
        _ = reader.text("text")
        _ = reader.text("note", nullable: true)
        _ = reader.integer("whole")
        _ = reader.integer("limit", 1...60, default: 10)
        _ = reader.bool("flag")
        _ = reader.choice("choice", Colour.self)
        _ = reader.choices("choices", Colour.self)
        _ = reader.texts("texts")
        _ = reader.textsByName("names")
        _ = reader.object("object", nullable: true)
        reader.finish()
    }

    static let wrong: [(JSONTree, String)] = [
        (["text": 1], "text|must be a text"), (["text": .null], "text|must be a text"),
        (["note": 1], "note|must be a text or null"), (["whole": 1.5], "whole|must be a whole number"),
        (["whole": "1"], "whole|must be a whole number"), (["limit": 61], "limit|must be a whole number from 1 to 60"),
        (["limit": .null], "limit|must be a whole number from 1 to 60"), (["flag": 0], "flag|must be true or false"),
        (["choice": "blue"], #"choice|must be one of "red", "green""#),
        (["choices": ["red", 1]], #"choices|must be a list of "red", "green" or null"#),
        (["texts": ["a", 1]], "texts|must be a list of texts"),
        (["names": ["a": 1]], "names|must be an object of texts or null"),
        (["object": []], "object|must be an object or null"),
    ]

    @Test("a wrong kind is named with its place, in either wording", arguments: wrong)
    func kinds(tree: JSONTree, problem: String) {
        var request = FieldReader(tree)
        Self.readAll(&request)
        #expect(request.problems == [problem.replacing("|", with: ": ")])
        var inner = FieldReader(tree, at: "settings")
        Self.readAll(&inner)
        #expect(inner.problems == ["settings." + problem.replacing("|", with: ": ")])
        var file = FieldReader(tree, at: "providers[1]", .file)
        Self.readAll(&file)
        #expect(file.problems == ["providers[1]." + problem.replacing("|", with: " ")])
    }

    @Test("what is there and right is read, and nothing is a problem")
    func values() {
        var reader = FieldReader([
            "text": "a", "whole": 3, "limit": 60, "flag": false, "choice": "red", "choices": ["green"], "texts": [],
            "names": ["a": "b"], "object": ["x": 1], "more": [1], "note": .null,
        ])
        #expect(reader.text("text", required: true) == "a")
        #expect(reader.text("note", nullable: true) == nil)
        #expect(reader.integer("whole") == 3)
        #expect(reader.integer("limit", 1...60, default: 10) == 60)
        #expect(reader.integer("other", 1...60, default: 10) == 10)
        #expect(reader.bool("flag") == false)
        #expect(reader.choice("choice", Colour.self) == .red)
        #expect(reader.choices("choices", Colour.self) == [.green])
        #expect(reader.texts("texts") == [])
        #expect(reader.textsByName("names") == ["a": "b"])
        #expect(reader.object("object") == ["x": 1])
        #expect(reader.take("more") == [1])
        reader.finish()
        #expect(reader.problems.isEmpty)
    }

    @Test("a text that its reader does not like is a wrong one")
    func unliked() {
        var reader = FieldReader(["text": "a"])
        #expect(reader.text("text") { $0.isEmpty } == nil)
        #expect(reader.problems == ["text: must be a text"])
    }

    @Test("a missing field is named once, and not beside its wrong kind")
    func missing() {
        var request = FieldReader(["b": 1])
        for name in ["a", "b"] {
            let text = request.text(name)
            request.require(name, text != nil)
        }
        #expect(request.problems == ["a: missing", "b: must be a text"])
        var file = FieldReader([:], at: "providers[0]", .file)
        #expect(file.text("name", required: true) == nil)
        #expect(file.problems == ["providers[0].name is missing"])
    }

    @Test("every unknown field is named; whoever sent a request reads its made-up names short and harmless")
    func unknown() {
        let long = String(repeating: "x", count: 50)
        let tree: JSONTree = ["z": 1, "a\u{1b}é": 2, .init(long): 3]
        var request = FieldReader(tree, at: "settings")
        request.finish()
        #expect(
            request.problems == [
                "settings.a??: unknown field", "settings.\(long.prefix(40)): unknown field",
                "settings.z: unknown field",
            ])
        var file = FieldReader(tree, .file)
        file.finish()
        #expect(file.problems == ["a\u{1b}é is not known", "\(long) is not known", "z is not known"])
    }

    @Test("what is no object is a problem", arguments: [.null, .array([]), "text", 1] as [JSONTree])
    func noObject(tree: JSONTree) {
        #expect(FieldReader(tree, at: "providers[1]", .file).problems == ["providers[1] must be an object"])
        #expect(FieldReader(tree, .file).problems == [" must be an object"])
        #expect(FieldReader(tree, at: "settings.logo").problems == ["settings.logo: must be an object"])
    }

    @Test("a caller's own problems stand among the others")
    func own() {
        var reader = FieldReader([:], at: "providers[1]", .file)
        reader.wrong("url", "must be https")
        reader.add(["elsewhere"])
        #expect(reader.problems == ["providers[1].url must be https", "elsewhere"])
    }
}
