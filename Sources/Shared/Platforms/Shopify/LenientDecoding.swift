/// Fields other people fill: missing, null and odd-typed are the same to us, none of them fails the whole. The errors
/// are dropped on purpose: they would quote the payload.
extension KeyedDecodingContainer {
    /// A text, or a number as text (a phone typed into a numeric field); nil for empty.
    func lenientText(_ key: Key) -> String? {
        let text = lenient(String.self, key) ?? lenient(Int64.self, key).map(String.init)
        return text?.isEmpty == true ? nil : text
    }

    /// A whole number, or a text that is one; exact over the whole range of Int64.
    func lenientInteger(_ key: Key) -> Int64? {
        lenient(Int64.self, key) ?? lenient(String.self, key).flatMap { Int64($0) }
    }

    /// RFC 3339 → ms since 1970.
    func lenientTime(_ key: Key) -> Int64? {
        lenient(String.self, key).flatMap(RFC3339.milliseconds)
    }

    func lenient<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        do {
            return try decodeIfPresent(type, forKey: key)
        } catch {
            return nil
        }
    }
}
