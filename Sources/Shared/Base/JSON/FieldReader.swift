/// Reads the fields of one JSON object and remembers every problem, with its place and without a value in it: wrong
/// kinds, missing ones, names nobody knows.
///
/// A field that is missing or wrong reads as nil, so that its default stands and reading goes on.
public struct FieldReader {
    /// How problems are worded.
    public struct Wording: Sendable {
        /// Between a field and what is wrong with it.
        fileprivate let separator: String
        fileprivate let missing: String
        fileprivate let unknown: String
        /// Whether an unknown name is made short and harmless before it is repeated.
        fileprivate let masksNames: Bool

        /// `settings.plan: must be a text`, for whoever sent a request.
        public static let request = Wording(
            separator: ": ", missing: "missing", unknown: "unknown field", masksNames: true)
        /// `providers[1].url must be a text`, for the operator who wrote a file.
        public static let file = Wording(
            separator: " ", missing: "is missing", unknown: "is not known", masksNames: false)
    }

    public let place: String
    public private(set) var problems: [String] = []
    private let wording: Wording
    private var fields: [String: JSONTree]

    /// - Parameter place: where the object stands in its document: `settings.logo`; empty for the document itself.
    public init(_ fields: [String: JSONTree], at place: String = "", _ wording: Wording = .request) {
        self.fields = fields
        self.place = place
        self.wording = wording
    }

    /// What is no object has no fields, which is a problem.
    public init(_ tree: JSONTree, at place: String = "", _ wording: Wording = .request) {
        self.init(tree.object ?? [:], at: place, wording)
        if tree.object == nil { problems = ["\(place)\(wording.separator)must be an object"] }
    }

    public mutating func wrong(_ name: String, _ reason: String) {
        problems.append(path(name) + wording.separator + reason)
    }

    public mutating func add(_ more: [String]) { problems += more }

    /// The field as it is; nil where it is not there.
    public mutating func take(_ name: String) -> JSONTree? { fields.removeValue(forKey: name) }

    /// To be called after all reading: a field that is not there is a problem, unless one was told of it already.
    public mutating func require(_ name: String, _ isThere: Bool) {
        let start = path(name) + wording.separator
        if !isThere, !problems.contains(where: { $0.hasPrefix(start) }) { wrong(name, wording.missing) }
    }

    /// To be called last: names every field that nobody asked for.
    public mutating func finish() {
        for name in fields.keys.sorted() { wrong(wording.masksNames ? Self.masked(name) : name, wording.unknown) }
        fields = [:]
    }

    private func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    /// A name somebody made up, short and harmless enough to be repeated.
    private static func masked(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(40).map { $0.isASCII && $0.value >= 32 ? $0 : "?" }))
    }
}

/// One kind of field each. `nullable` says that null is as good as no field.
extension FieldReader {
    public mutating func text(
        _ name: String, nullable: Bool = false, required: Bool = false, _ isGood: (String) -> Bool = { _ in true }
    ) -> String? {
        if required, fields[name] == nil { wrong(name, wording.missing) }
        return read(name, nullable, "a text") { $0.string.flatMap { isGood($0) ? $0 : nil } }
    }

    public mutating func integer(_ name: String, nullable: Bool = false) -> Int? {
        read(name, nullable, "a whole number") { $0.integer.flatMap { Int(exactly: $0) } }
    }

    /// The default where it is not there or wrong.
    public mutating func integer(_ name: String, _ range: ClosedRange<Int>, default value: Int) -> Int {
        read(name, false, "a whole number from \(range.lowerBound) to \(range.upperBound)") { tree in
            tree.integer.flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
        } ?? value
    }

    public mutating func bool(_ name: String) -> Bool? {
        read(name, false, "true or false") { $0.bool }
    }

    public mutating func choice<Choice>(_ name: String, _ type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        read(name, false, "one of \(Self.words(type))") { $0.string.flatMap { Choice(rawValue: $0) } }
    }

    public mutating func choices<Choice>(_ name: String, _ type: Choice.Type) -> [Choice]?
    where Choice: RawRepresentable<String> & CaseIterable {
        read(name, true, "a list of \(Self.words(type))") { tree in
            guard let list = tree.array else { return nil }
            let choices = list.compactMap { $0.string.flatMap { Choice(rawValue: $0) } }
            return choices.count == list.count ? choices : nil
        }
    }

    public mutating func texts(_ name: String, nullable: Bool = false) -> [String]? {
        read(name, nullable, "a list of texts") { $0.strings }
    }

    /// An object of texts alone, or null.
    public mutating func textsByName(_ name: String) -> [String: String]? {
        read(name, true, "an object of texts") { tree in
            guard let members = tree.object else { return nil }
            let texts = members.compactMapValues { $0.string }
            return texts.count == members.count ? texts : nil
        }
    }

    public mutating func object(_ name: String, nullable: Bool = false) -> [String: JSONTree]? {
        read(name, nullable, "an object") { $0.object }
    }

    private mutating func read<Value>(
        _ name: String, _ nullable: Bool, _ kind: String, _ convert: (JSONTree) -> Value?
    ) -> Value? {
        guard let value = take(name), !(nullable && value == .null) else { return nil }
        guard let converted = convert(value) else {
            wrong(name, "must be \(kind)\(nullable ? " or null" : "")")
            return nil
        }
        return converted
    }

    private static func words<Choice>(_ type: Choice.Type) -> String
    where Choice: RawRepresentable<String> & CaseIterable {
        type.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }
}
