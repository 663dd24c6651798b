/// The members of a JSON object of an operator's file: taken one by one, and everything that is wrong is gathered with its
/// place (`providers[1].url must be https`), without a value in it.
public struct JSONMembers {
    public let place: String
    public private(set) var problems: [String] = []
    private var members: [String: JSONTree]

    public init(_ tree: JSONTree, at place: String) {
        self.place = place
        if case .object(let members) = tree {
            self.members = members
        } else {
            members = [:]
            problems = ["\(place) must be an object"]
        }
    }

    public mutating func wrong(_ name: String, _ reason: String) {
        problems.append("\(place.isEmpty ? name : "\(place).\(name)") \(reason)")
    }

    public mutating func add(_ problems: [String]) { self.problems += problems }

    /// Nil where it is not there.
    public mutating func take(_ name: String) -> JSONTree? {
        members.removeValue(forKey: name)
    }

    /// Nil where it is not there or wrong.
    public mutating func text(_ name: String, required: Bool = false) -> String? {
        switch take(name) {
        case .string(let text)?: return text
        case nil:
            if required { wrong(name, "is missing") }
        default: wrong(name, "must be a text")
        }
        return nil
    }

    public mutating func integer(_ name: String, _ range: ClosedRange<Int>, otherwise: Int) -> Int {
        switch take(name) {
        case nil: return otherwise
        case .integer(let value)? where range.contains(Int(value)): return Int(value)
        default:
            wrong(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return otherwise
        }
    }

    public mutating func flag(_ name: String) -> Bool {
        switch take(name) {
        case nil: return false
        case .bool(let value)?: return value
        default:
            wrong(name, "must be true or false")
            return false
        }
    }

    /// Nil where it is not there or wrong.
    public mutating func texts(_ name: String) -> [String]? {
        guard let tree = take(name) else { return nil }
        if let texts = tree.texts { return texts }
        wrong(name, "must be a list of texts")
        return nil
    }

    /// Whoever reads the object takes all it knows; the rest is a mistake.
    public mutating func finish() {
        for name in members.keys.sorted() { wrong(name, "is not known") }
    }
}

extension JSONTree {
    public var texts: [String]? {
        guard case .array(let elements) = self else { return nil }
        let texts = elements.compactMap { element -> String? in
            if case .string(let text) = element { text } else { nil }
        }
        return texts.count == elements.count ? texts : nil
    }
}
