/// A document of the subset of YAML that the compose files keep to. Scalars are text; there is no null.
enum YAML: Equatable {
    case scalar(String)
    case list([YAML])
    case map([String: YAML])

    subscript(key: String) -> YAML? {
        if case .map(let pairs) = self { pairs[key] } else { nil }
    }

    var text: String? {
        if case .scalar(let text) = self { text } else { nil }
    }

    var items: [YAML]? {
        if case .list(let items) = self { items } else { nil }
    }

    /// The texts of a list of scalars.
    var texts: [String]? {
        guard let items else { return nil }
        let texts = items.compactMap(\.text)
        return texts.count == items.count ? texts : nil
    }

    var pairs: [String: YAML]? {
        if case .map(let pairs) = self { pairs } else { nil }
    }

    /// What follows these keys, one inside the other.
    func at(_ keys: String...) -> YAML? {
        keys.reduce(self) { $0?[$1] }
    }
}

struct YAMLError: Error, CustomStringConvertible {
    let line: Int
    let reason: String
    var description: String { "line \(line): \(reason)" }
}
