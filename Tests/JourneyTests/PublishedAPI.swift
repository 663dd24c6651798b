import Base
import Foundation
import HTTP
import Schemas
import Synchronization
import Testing

/// An OpenAPI file of docs/openapi, held against the answers of a running daemon.
final class PublishedAPI: Sendable {
    private let file: String
    private let headers: [String]
    private let api: JSONTree
    private let schemas: SchemaSet
    private let seen = Mutex<Set<String>>([])

    /// - Parameter headers: those that stand in an answer exactly where the file says so.
    init(_ file: String, headers: [String], schemas more: [String] = []) throws {
        self.file = file
        self.headers = headers
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/openapi")
            .standardized
        func read(_ name: String) throws -> JSONTree {
            try JSONTree(document: Data(contentsOf: folder.appending(path: name).standardized))
        }
        api = try read(file)
        var files = [file: api]
        for name in more { files[name] = try read(name) }
        schemas = SchemaSet(files: files)
    }

    /// What has been provoked so far, `look 200`.
    var provoked: Set<String> { seen.withLock { $0 } }

    /// Every status of every operation.
    func described() throws -> Set<String> {
        Set(
            operations.flatMap { name, operation in (operation["responses"]?.object ?? [:]).keys.map { "\(name) \($0)" }
            })
    }

    /// By `operationId`.
    private var operations: [String: JSONTree] {
        let paths = api["paths"]?.object ?? [:]
        let all = paths.values.flatMap { path in
            ["get", "post", "put", "patch", "delete"].compactMap { path[$0] }
        }
        return Dictionary(all.map { ($0["operationId"]?.string ?? "", $0) }) { first, _ in first }
    }

    /// The answer must be one that the file describes, to the last field.
    func expect(_ operation: String, _ answer: OutboundResponse, _ status: Int) throws {
        #expect(answer.status == status, "\(operation): \(String(decoding: answer.body, as: UTF8.self))")
        let described = try #require(
            operations[operation]?["responses"]?[String(answer.status)], "\(operation) \(answer.status)")
        for name in headers {
            let header = described["headers"]?[name]
            #expect((header != nil) == (answer.headers[name] != nil), "\(operation) \(status): \(name)")
            guard let header, let value = answer.headers[name] else { continue }
            let reference = try #require(header["$ref"]?.string)
            try schemas.validate(.string(value), against: "\(file)\(reference)/schema")
        }
        seen.withLock { _ = $0.insert("\(operation) \(status)") }
        guard let (type, content) = described["content"]?.object?.first else {
            #expect(answer.body.isEmpty, "\(operation) \(status)")
            return
        }
        #expect(answer.headers["Content-Type"]?.hasPrefix(type) == true)
        let reference = try #require(content["schema"]?["$ref"]?.string)
        try schemas.validate(JSONTree(document: answer.body), against: "\(file)\(reference)")
    }

    /// Whether what is sent is as the operation describes it.
    func isOfSchema(_ operation: String, _ body: [UInt8]) throws -> Bool {
        let content = operations[operation]?["requestBody"]?["content"]?["application/json"]
        let reference = try #require(content?["schema"]?["$ref"]?.string)
        let place = reference.hasPrefix("#") ? file + reference : reference
        return (try? schemas.validate(JSONTree(document: body), against: place)) != nil
    }

    /// Every schema uses only what is checked, its examples hold, and every status has a description.
    func check() throws {
        #expect(api["openapi"]?.string?.hasPrefix("3.1.") == true)
        for name in (api.at("components/schemas")?.object ?? [:]).keys {
            try schemas.check("\(file)#/components/schemas/\(name)")
        }
        for (name, operation) in operations {
            for (status, response) in operation["responses"]?.object ?? [:] {
                #expect(response["description"]?.string?.isEmpty == false, "\(name) \(status)")
            }
        }
    }
}
