import Platforms
import Runtime

/// The arguments of the `shops` commands: a shop, flags, and options with a value. What is not understood ends the
/// command with every problem named (78).
struct ShopArguments: Equatable {
    /// Empty for a command that takes none.
    private(set) var shop = ""
    private(set) var flags: Set<String> = []
    private(set) var values: [String: String] = [:]

    var json: Bool { flags.contains("--json") }

    init(
        _ arguments: [String], shop takesShop: Bool = true, flags known: Set<String> = [],
        values valued: Set<String> = []
    ) throws(ConfigurationProblems) {
        var problems: [String] = []
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--json" || known.contains(word) {
                flags.insert(word)
            } else if valued.contains(word) {
                guard let value = rest.popFirst(), values.updateValue(value, forKey: word) == nil else {
                    problems.append("\(word) needs a value, once")
                    continue
                }
            } else if takesShop, shop.isEmpty, let name = ShopName.validate(word) {
                shop = name
            } else {
                problems.append("what is \(ShopText.quoted(word))? --help shows what there is")
            }
        }
        if takesShop, shop.isEmpty { problems.append("which shop? a name like demo.myshopify.com or shop.example.com") }
        guard problems.isEmpty else { throw ConfigurationProblems(problems) }
    }
}
