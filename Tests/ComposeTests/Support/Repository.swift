import Foundation

/// The files of this repository, as they are checked out.
enum Repository {
    static let root: URL = {
        // Tests/ComposeTests/Support/Repository.swift
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url
    }()

    static func path(_ name: String) -> String { root.appendingPathComponent(name).path }

    static func text(_ name: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
    }

    static func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    static func files(in directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(directory)).map { "\(directory)/\($0)" }.sorted()
    }

    /// All Swift sources of a target, or of all, in one text.
    static func swiftSources(under target: String = "") throws -> String {
        guard let names = FileManager.default.enumerator(atPath: path("Sources/\(target)")) else { return "" }
        return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
            .map { try text("Sources/\(target)/\($0)") }.joined()
    }
}
