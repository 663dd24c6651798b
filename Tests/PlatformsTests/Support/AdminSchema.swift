/// Shopify's schema as far as it was copied, and what of a document it does not allow.
struct AdminSchema: Decodable {
    struct Argument: Decodable {
        let type: String
        let `default`: String?
        let deprecated: Bool?

        var isRequired: Bool { type.hasSuffix("!") && `default` == nil }
    }

    struct Field: Decodable {
        let type: String
        let args: [String: Argument]?
        let deprecated: Bool?
    }

    struct Definition: Decodable {
        let kind: String
        let fields: [String: Field]?
        let inputFields: [String: Argument]?
        let enumValues: [String]?
    }

    let mutations: [String: Field]
    let queries: [String: Field]
    let types: [String: Definition]

    /// Types outside the copy, of which we may ask `id` alone.
    private static let interfaces = ["Node"]

    func problems(of document: GraphQLDocument) -> [String] {
        let roots = document.kind == "mutation" ? mutations : queries
        return document.fields.flatMap { check($0, among: roots, variables: document.variables) }
            + Set(document.variables.keys).subtracting(document.fields.flatMap { used($0) }).map { "\($0): not used" }
    }

    private func used(_ field: GraphQLDocument.Field) -> [String] {
        Array(field.arguments.values) + field.fields.flatMap { used($0) }
    }

    private func check(
        _ field: GraphQLDocument.Field, among definitions: [String: Field], variables: [String: String]
    ) -> [String] {
        guard let definition = definitions[field.name] else { return ["\(field.name): no such field"] }
        var problems: [String] = definition.deprecated == true ? ["\(field.name): deprecated"] : []
        for (name, variable) in field.arguments {
            guard let argument = definition.args?[name] else {
                problems.append("\(field.name)(\(name)): no such argument")
                continue
            }
            if argument.deprecated == true { problems.append("\(field.name)(\(name)): deprecated") }
            let given = variables[variable]
            if given != argument.type, given != argument.type + "!" {
                problems.append("\(field.name)(\(name)): \(given ?? "undeclared") is not \(argument.type)")
            }
        }
        for (name, argument) in definition.args ?? [:] where argument.isRequired && field.arguments[name] == nil {
            problems.append("\(field.name)(\(name)): missing")
        }
        return problems + checkSelection(field, type: definition.type.filter { !"[]!".contains($0) }, variables)
    }

    private func checkSelection(
        _ field: GraphQLDocument.Field, type: String, _ variables: [String: String]
    ) -> [String] {
        if Self.interfaces.contains(type) {
            return field.fields.map(\.name) == ["id"] ? [] : ["\(field.name): \(type)"]
        }
        guard let fields = types[type]?.fields else {
            return field.fields.isEmpty ? [] : ["\(field.name): \(type) has no fields"]
        }
        if field.fields.isEmpty { return ["\(field.name): nothing asked of \(type)"] }
        return field.fields.flatMap { check($0, among: fields, variables: variables) }
    }
}
