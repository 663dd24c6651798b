import Foundation

/// The files beside these tests.
enum Vectors {
    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Vectors/\(path)")))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(bytes(path)))
    }

    static func json(_ path: String) throws -> [String: Any] {
        try object(bytes(path))
    }

    static func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
    }

    static func data(_ object: Any) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: object))
    }

    /// Whether two JSON documents say the same.
    static func same(_ left: [String: Any], _ right: [String: Any]) -> Bool {
        NSDictionary(dictionary: left).isEqual(to: right)
    }

    /// The 14 sample orders by name.
    static let orders = [
        "01-us-top-level-phone", "02-in-shipping-phone-cod", "03-gb-billing-phone-digital", "04-de-customer-phone",
        "05-ae-default-address-phone-cod", "06-fr-no-phone", "07-pk-two-phones-cod", "08-ar-mobile-15",
        "09-jp-local-mobile", "10-us-protected-fields-redacted", "11-ca-pos-no-customer", "12-nl-fixed-line",
        "13-ng-cc-without-plus-cod", "14-admin-test-notification",
    ].map { "orders-create-\($0).json" }
}
