/// Reads the fields of one JSON object and remembers every problem: wrong types, missing ones, names nobody knows.
///
/// A field that is missing or wrong reads as nil, so that its default stands and reading goes on.
struct FieldReader {
    private let path: String
    private var fields: [String: JSONValue]
    private(set) var problems: [String] = []

    /// - Parameter path: what stands before the names in problems, such as `settings.`.
    init(_ fields: [String: JSONValue], path: String = "") {
        self.fields = fields
        self.path = path
    }

    mutating func text(_ name: String, nullable: Bool = false, _ isGood: (String) -> Bool = { _ in true }) -> String? {
        read(name, nullable, "a text") { if case .text(let text) = $0, isGood(text) { text } else { nil } }
    }

    mutating func integer(_ name: String, nullable: Bool = false) -> Int? {
        read(name, nullable, "a whole number") { if case .integer(let number) = $0 { number } else { nil } }
    }

    mutating func bool(_ name: String) -> Bool? {
        read(name, false, "true or false") { if case .bool(let bool) = $0 { bool } else { nil } }
    }

    mutating func choice<Choice>(_ name: String, _ type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        let words = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        return read(name, false, "one of \(words)") {
            if case .text(let text) = $0 { Choice(rawValue: text) } else { nil }
        }
    }

    mutating func choices<Choice>(_ name: String, _ type: Choice.Type) -> [Choice]?
    where Choice: RawRepresentable<String> & CaseIterable {
        let words = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        return read(name, true, "a list of \(words)") { value in
            guard case .list(let list) = value else { return nil }
            let choices = list.compactMap { if case .text(let text) = $0 { Choice(rawValue: text) } else { nil } }
            return choices.count == list.count ? choices : nil
        }
    }

    mutating func texts(_ name: String, nullable: Bool = false) -> [String]? {
        read(name, nullable, "a list of texts") { value in
            guard case .list(let list) = value else { return nil }
            let texts = list.compactMap { if case .text(let text) = $0 { text } else { nil } }
            return texts.count == list.count ? texts : nil
        }
    }

    /// An object of texts alone, or null.
    mutating func textsByName(_ name: String) -> [String: String]? {
        read(name, true, "an object of texts") { value in
            guard case .object(let fields) = value else { return nil }
            let texts = fields.compactMapValues { if case .text(let text) = $0 { text } else { nil } }
            return texts.count == fields.count ? texts : nil
        }
    }

    mutating func object(_ name: String, nullable: Bool = false) -> [String: JSONValue]? {
        read(name, nullable, "an object") { if case .object(let fields) = $0 { fields } else { nil } }
    }

    mutating func require(_ name: String, _ isThere: Bool) {
        if !isThere, !problems.contains(where: { $0.hasPrefix("\(path)\(name): ") }) {
            problems.append("\(path)\(name): missing")
        }
    }

    mutating func add(_ more: [String]) { problems += more }

    /// To be called last: names every field that nobody asked for.
    mutating func finish() {
        for name in fields.keys.sorted() { problems.append("\(path)\(Self.shown(name)): unknown field") }
        fields = [:]
    }

    private mutating func read<Value>(
        _ name: String, _ nullable: Bool, _ kind: String, _ convert: (JSONValue) -> Value?
    ) -> Value? {
        guard let value = fields.removeValue(forKey: name), !(nullable && value == .null) else { return nil }
        guard let converted = convert(value) else {
            problems.append("\(path)\(name): must be \(kind)\(nullable ? " or null" : "")")
            return nil
        }
        return converted
    }

    /// A name somebody made up, short and harmless enough to be repeated.
    private static func shown(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(40).map { $0.isASCII && $0.value >= 32 ? $0 : "?" }))
    }
}
