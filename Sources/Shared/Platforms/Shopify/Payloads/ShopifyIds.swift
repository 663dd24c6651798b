/// Ids as Shopify and those who imitate it write them: numbers, numbers as text, whole gids, alone or in lists. What
/// can't be read is passed over, entry by entry: one odd id must not hide the others.
struct ShopifyIds: Decodable {
    let numbers: [Int64]

    private struct Id: Decodable {
        private enum Key: String, CodingKey { case id }

        let numbers: [Int64]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            // Errors here only say that it is of another kind.
            func read<Value: Decodable>(_ type: Value.Type) -> Value? {
                do { return try value.decode(type) } catch { return nil }
            }
            if let number = read(Int64.self) {
                numbers = [number]
            } else if let text = read(String.self) {
                numbers = text.split { $0 == "," || $0.isWhitespace }.compactMap { ShopifyIds.number($0) }
            } else {
                do {
                    numbers = try decoder.container(keyedBy: Key.self).shopifyId(.id).map { [$0] } ?? []
                } catch {
                    numbers = []
                }
            }
        }
    }

    init(from decoder: any Decoder) throws {
        guard var list = Self.list(decoder) else {
            numbers = try Id(from: decoder).numbers.filter { $0 > 0 }
            return
        }
        var found: [Int64] = []
        while !list.isAtEnd {
            if let id = try list.decodeIfPresent(Id.self) { found += id.numbers.filter { $0 > 0 } }
        }
        numbers = found
    }

    private static func list(_ decoder: any Decoder) -> (any UnkeyedDecodingContainer)? {
        do { return try decoder.unkeyedContainer() } catch { return nil }
    }

    /// `1001`, `gid://shopify/Order/1001`
    static func number(_ text: some StringProtocol) -> Int64? {
        text.split(separator: "/").last.flatMap { Int64($0) }
    }
}

extension KeyedDecodingContainer {
    /// A number, a number as text or a gid; nil for all else.
    func shopifyId(_ key: Key) -> Int64? {
        lenient(Int64.self, key) ?? lenientText(key, 100).flatMap { ShopifyIds.number($0) }
    }
}
