import Runtime

/// The arguments of the `dead` commands: one place, flags, and options with a value. What is not understood ends the
/// command with every problem named (78).
struct DeadArguments: Equatable {
    private(set) var place: DeadPlace?
    private(set) var flags: Set<String> = []
    private var values: [String: String] = [:]

    init(
        _ arguments: [String], place takesPlace: Bool, flags known: Set<String> = [], values valued: Set<String> = []
    ) throws(ConfigurationProblems) {
        var problems: [String] = []
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if known.contains(word) {
                flags.insert(word)
            } else if valued.contains(word) {
                guard let value = rest.popFirst(), values.updateValue(value, forKey: word) == nil else {
                    problems.append("\(word) needs a value, once")
                    continue
                }
            } else if takesPlace, place == nil, let found = DeadPlace(word) {
                place = found
            } else {
                problems.append("what is \(DeadText.quoted(word))? --help shows what there is")
            }
        }
        guard problems.isEmpty else { throw ConfigurationProblems(problems) }
    }

    var reason: String? { values["--reason"] }

    /// The number given with `--limit`.
    func limit() throws(ConfigurationProblems) -> Int? {
        guard let text = values["--limit"] else { return nil }
        guard let number = Int(text), number > 0 else {
            throw ConfigurationProblems(["--limit needs a number above 0"])
        }
        return number
    }
}
