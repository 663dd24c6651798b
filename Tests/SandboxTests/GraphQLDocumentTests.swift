import Platforms
import Testing

@testable import Sandbox

@Suite("GraphQL documents")
struct GraphQLDocumentTests {
    @Test("each of our operations is recognised", arguments: ShopifyOperation.all)
    func ours(_ operation: ShopifyOperation) throws {
        let document = try #require(GraphQLDocument(operation.document))
        #expect(document.field == operation.name)
        #expect(document.key == operation.name)
        #expect(document.kind == (operation.document.hasPrefix("mutation") ? .mutation : .query))
    }

    @Test(
        "names, aliases and defaults are read",
        arguments: [
            ("{ shop { id } }", "shop", "shop"), ("query { a : order(id: 1) { id } }", "order", "a"),
            ("mutation M($a: In = {x: 1}) { tagsAdd(id: 1) { node { id } } }", "tagsAdd", "tagsAdd"),
        ])
    func others(_ text: String, _ field: String, _ key: String) throws {
        let document = try #require(GraphQLDocument(text))
        #expect(document.field == field)
        #expect(document.key == key)
    }

    @Test("what has no selection is nothing", arguments: ["", "query", "{", "{}", "query ($a: X) "])
    func nothing(_ text: String) {
        #expect(GraphQLDocument(text) == nil)
    }
}
