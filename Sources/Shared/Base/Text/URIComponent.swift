/// Percent-encoding of one part of a query, as JavaScript's `encodeURIComponent` does it: a space becomes `%20`, and
/// `-_.!~*'()` stay.
public enum URIComponent {
    public static func encode(_ text: String) -> String {
        PercentCoding.encode(text, keeping: marks)
    }

    /// `a=1&b=two%20words`, in the order given.
    public static func query(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
    }

    private static let marks = Set("-_.!~*'()".utf8)
}
