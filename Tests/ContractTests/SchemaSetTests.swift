import Testing

@Suite("The schema validator")
struct SchemaSetTests {
    private static func set(_ schema: String) throws -> SchemaSet {
        let text = "{\"$schema\":\"\(SchemaSet.dialect)\",\(schema)}"
        return SchemaSet(files: ["s.json": try JSONValue(parsing: text.utf8)])
    }

    @Test(
        "refuses a schema it would not check fully",
        arguments: [
            "\"additionalProperties\":false", "\"properties\":{\"a\":{\"oneOf\":[]}}", "\"$defs\":{\"a\":true}",
            "\"$ref\":\"other.json\"", "\"$ref\":\"#/$defs/none\"", "\"allOf\":[{\"maximum\":1}]",
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

    @Test("keywords beside a reference count as well")
    func siblings() throws {
        let schemas = try Self.set("\"$ref\":\"#/$defs/a\",\"maxLength\":2,\"$defs\":{\"a\":{\"type\":\"string\"}}")
        try schemas.check()
        try schemas.validate(.string("ab"), against: "s.json")
        #expect(throws: SchemaSet.Problem.self) { try schemas.validate(.string("abc"), against: "s.json") }
        #expect(throws: SchemaSet.Problem.self) { try schemas.validate(.integer(1), against: "s.json") }
    }
}
