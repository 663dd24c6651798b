/// The languages a client asks for (RFC 9110 §12.5.4), the one it likes best first; junk is passed over.
enum AcceptLanguage {
    static func tags(_ header: String?) -> [String] {
        guard let header, header.utf8.count <= 1000 else { return [] }
        let wanted = header.split(separator: ",").prefix(20).compactMap { entry -> (tag: String, weight: Double)? in
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let tag = parts.first, !tag.isEmpty else { return nil }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            return weight > 0 ? (tag, weight) : nil
        }
        // A stable order among equals: as they came.
        return wanted.enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
            .map(\.element.tag)
    }
}
