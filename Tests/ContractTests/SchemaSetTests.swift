import Base
import Schemas
import Testing

@Suite("The schema validator")
struct SchemaSetTests {
    private static func set(_ schema: String) throws -> SchemaSet {
        let text = "{\"$schema\":\"\(SchemaSet.dialect)\",\(schema)}"
        return SchemaSet(files: ["s.json": try JSONTree(document: text.utf8)])
    }

    @Test(
        "refuses a schema it would not check fully",
        arguments: [
            "\"unevaluatedProperties\":false", "\"properties\":{\"a\":{\"oneOf\":[]}}", "\"$defs\":{\"a\":true}",
            "\"$ref\":\"other.json\"", "\"$ref\":\"#/$defs/none\"", "\"allOf\":[{\"multipleOf\":1}]",
            "\"pattern\":\"(\"", "\"type\":\"string\",\"examples\":[1]",
        ])
    func refused(schema: String) throws {
        let schemas = try Self.set(schema)
        #expect(throws: (any Error).self) { try schemas.check() }
    }

    @Test("a type or a format it does not know is an error", arguments: ["\"type\":\"set\"", "\"format\":\"colour\""])
    func unknown(schema: String) throws {
        let schemas = try Self.set(schema)
        #expect(throws: SchemaSet.Problem.self) { try schemas.validate(.string("a"), against: "s.json") }
    }

    @Test("nothing may come that is not named, where the schema says so")
    func strangers() throws {
        let schemas = try Self.set("\"properties\":{\"a\":{\"maximum\":3}},\"additionalProperties\":false")
        try schemas.check()
        for (text, isGood) in [("{\"a\":3}", true), ("{\"a\":4}", false), ("{\"b\":1}", false), ("{}", true)] {
            let value = try JSONTree(document: text.utf8)
            let holds = (try? schemas.validate(value, against: "s.json")) != nil
            #expect(holds == isGood, "\(text)")
        }
    }

    @Test("keywords beside a reference count as well")
    func siblings() throws {
        let schemas = try Self.set("\"$ref\":\"#/$defs/a\",\"maxLength\":2,\"$defs\":{\"a\":{\"type\":\"string\"}}")
        try schemas.check()
        try schemas.validate(.string("ab"), against: "s.json")
        #expect(throws: SchemaSet.Problem.self) { try schemas.validate(.string("abc"), against: "s.json") }
        #expect(throws: SchemaSet.Problem.self) { try schemas.validate(.integer(1), against: "s.json") }
    }
}
