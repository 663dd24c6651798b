import Foundation
import Testing

/// The platforms' sample bodies, as they are or with some fields changed.
enum Sample {
    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Vectors/\(name).json")))
    }

    static func object(_ name: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(try bytes(name))) as? [String: Any])
    }

    /// An order's body, created when the bench's clock began, with `changes` (dotted paths) on top.
    static func order(_ name: String = india, _ changes: [String: Any] = [:]) throws -> [UInt8] {
        var body = try object(name)
        body["created_at"] = "2026-11-20T10:02:40Z"
        body["updated_at"] = "2026-11-20T10:02:40Z"
        for (path, value) in changes { set(&body, path.split(separator: ".").map(String.init), value) }
        return [UInt8](try JSONSerialization.data(withJSONObject: body))
    }

    /// Meera's order #1102: cash on delivery, phone 081234 56789 at the shipping address.
    static let india = "orders-create-02-in-shipping-phone-cod"
    static let indiaOrder = "gid://shopify/Order/6502000000002"

    private static func set(_ object: inout [String: Any], _ path: [String], _ value: Any) {
        guard path.count > 1 else { return object[path[0]] = value }
        var inner = object[path[0]] as? [String: Any] ?? [:]
        set(&inner, Array(path.dropFirst()), value)
        object[path[0]] = inner
    }
}
