import Platforms
import Testing

@Suite("Our GraphQL documents against Shopify's schema of 2026-04")
struct ShopifyOperationTests {
    static func schema() throws -> AdminSchema {
        try Vectors.decode(AdminSchema.self, "shopify/graphql/admin-2026-04-schema-subset.json")
    }

    @Test(
        "Fields, arguments and the types of variables are the schema's, none deprecated",
        arguments: ShopifyOperation.all)
    func valid(operation: ShopifyOperation) throws {
        let document = try GraphQLDocument(parsing: operation.document)
        #expect(document.fields.map(\.name) == [operation.name])
        #expect(try Self.schema().problems(of: document) == [])
    }

    @Test(
        "The check finds what is wrong",
        arguments: [
            ("query Q($id: ID!) { order(id: $id) { id color } }", "color: no such field"),
            ("query Q($id: String!) { order(id: $id) { id } }", "order(id): String! is not ID"),
            ("query Q($id: ID!) { order(id: $id) { id } job(id: $x) { id } }", "job(id): undeclared is not ID"),
            ("query Q { job { id } }", "job(id): missing"),
            ("query Q($id: ID!, $x: Int) { job(id: $id) { id } }", "x: not used"),
            ("query Q($id: ID!) { job(id: $id) }", "job: nothing asked of Job"),
            (
                "mutation M($o: ID!, $r: OrderCancelReason!, $s: Boolean!, $f: Boolean) "
                    + "{ orderCancel(orderId: $o, reason: $r, restock: $s, refund: $f) { job { id } } }",
                "orderCancel(refund): deprecated"
            ),
        ])
    func findsProblems(document: String, problem: String) throws {
        let problems = try Self.schema().problems(of: GraphQLDocument(parsing: document))
        #expect(problems.contains { $0.hasPrefix(problem) })
    }

    @Test(
        "The documents are those of the samples",
        arguments: [
            (ShopifyOperation.orderCancel, "orderCancel", "request"), (.job, "orderCancel", "job_poll"),
            (.tagsAdd, "tagsAdd", "request"),
        ])
    func samples(operation: ShopifyOperation, file: String, part: String) throws {
        let sample = try Vectors.json("shopify/graphql/\(file).json")[part] as? [String: Any]
        #expect(sample?["query"] as? String == operation.document)
    }

    @Test("Settlement asks for no personal data")
    func noPersonalData() throws {
        let order = try #require(try GraphQLDocument(parsing: ShopifyOperation.order.document).fields.first)
        let personal = ["phone", "email", "customer", "shippingAddress", "billingAddress", "name"]
        #expect(Set(order.fields.map(\.name)).isDisjoint(with: personal))
    }

    @Test("The reasons of a cancellation are the schema's")
    func reasons() throws {
        let values = try Self.schema().types["OrderCancelReason"]?.enumValues
        #expect(Set(OrderCancellation.Reason.allCases.map(\.rawValue)) == Set(values ?? []))
    }
}
