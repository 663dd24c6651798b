import Base

/// Fields other people fill: missing, null and odd-typed are the same to us, none of them fails the whole. The errors
/// are dropped on purpose: they would quote the payload.
extension KeyedDecodingContainer {
    /// A text, or a number as text (a phone typed into a numeric field); nil for empty, and for one longer than any can
    /// be.
    ///
    /// - Parameter most: characters.
    func lenientText(_ key: Key, _ most: Int = 255) -> String? {
        let text = lenient(String.self, key) ?? lenient(Int64.self, key).map(String.init)
        guard let text, !text.isEmpty, !text.isLonger(than: most) else { return nil }
        return text
    }

    /// The same, of a longer one so many characters.
    func lenientText(_ key: Key, cutAt most: Int) -> String? {
        let text = lenient(String.self, key) ?? lenient(Int64.self, key).map(String.init)
        return text.flatMap { $0.isEmpty ? nil : $0.cut(at: most) }
    }

    /// So many texts at most, each cut at so many characters.
    func lenientTexts(_ key: Key, _ most: Int, cutAt characters: Int) -> [String]? {
        lenient([String].self, key)?.prefix(most).map { $0.cut(at: characters) }
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

extension String {
    /// Counts no more than it must.
    func isLonger(than scalars: Int) -> Bool {
        utf8.count > scalars
            && (utf8.count > 4 * scalars
                || unicodeScalars.index(
                    unicodeScalars.startIndex, offsetBy: scalars, limitedBy: unicodeScalars.endIndex
                )
                .map { $0 < unicodeScalars.endIndex } ?? false)
    }

    func cut(at scalars: Int) -> String {
        isLonger(than: scalars) ? String(String.UnicodeScalarView(unicodeScalars.prefix(scalars))) : self
    }
}
