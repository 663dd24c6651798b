/// application/x-www-form-urlencoded (WHATWG URL §5).
public enum FormCoding {
    /// `a=1&b=two+words`, in the order given: what is neither letter, digit nor `*-._` is percent-encoded, a space
    /// becomes `+`.
    public static func encode(_ fields: [(String, String)]) -> String {
        fields.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
    }

    /// The pairs in order. Lenient as the standard says: a bad escape stays as it is, bytes that are not UTF-8 become
    /// U+FFFD, a name without `=` has an empty value, empty pairs are skipped.
    public static func decode(_ bytes: some Sequence<UInt8>) -> [(String, String)] {
        Array(bytes).split(separator: UInt8(ascii: "&")).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            return (lenient(pair[..<equals]), lenient(pair[equals...].dropFirst()))
        }
    }

    private static let marks = Set("*-._".utf8)

    private static func encode(_ text: String) -> String {
        PercentCoding.encode(text, keeping: marks, spaceAsPlus: true)
    }

    private static func lenient(_ slice: ArraySlice<UInt8>) -> String {
        let bytes = Array(slice)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), let byte = PercentCoding.escape(bytes, at: index) {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
