import Base
import Model
import Platforms

/// Goes through the file's members and gathers what is wrong with them.
struct ProviderFileReader {
    private var members: FieldReader
    private let file: (String) -> [UInt8]?

    init(_ tree: JSONTree, _ file: @escaping (String) -> [UInt8]?) {
        members = FieldReader(tree, at: "", .file)
        self.file = file
    }

    var problems: [String] { members.problems }

    /// Holds only where there are no problems.
    mutating func read() -> ProviderFile {
        let providers = definitions()
        // Where a provider could not be read, its name may be anything.
        let isWhole = members.problems.isEmpty
        let order = order(of: providers.map(\.name), isWhole: isWhole)
        let silent = providers.compactMap { if case .http(let configuration) = $0 { configuration.name } else { nil } }
        var reports = reports(order, silent: Set(silent), isWhole: isWhole)
        let reporter = providers.lazy.compactMap { if case .twilio(let name) = $0 { name } else { nil } }.first
        if let reporter { reports.reporter = reporter }
        members.finish()
        return ProviderFile(providers: providers, order: order, reports: reports)
    }

    private mutating func definitions() -> [ProviderFile.Definition] {
        guard case .array(let trees)? = members.take("providers"), !trees.isEmpty else {
            members.wrong("providers", "must be a list with at least one provider")
            return []
        }
        let definitions = trees.enumerated().compactMap { index, tree in definition(tree, at: "providers[\(index)]") }
        let names = definitions.map(\.name)
        for name in Set(names).sorted() where names.count(where: { $0 == name }) > 1 {
            members.wrong("providers", "has more than one \(name)")
        }
        let accounts = definitions.count { if case .twilio = $0 { true } else { false } }
        if accounts > 1 { members.wrong("providers", "has more than one of type twilio") }
        return definitions
    }

    private mutating func definition(_ tree: JSONTree, at place: String) -> ProviderFile.Definition? {
        var entry = FieldReader(tree, at: place, .file)
        switch entry.text("type", required: true) {
        case "http":
            do throws(HTTPTextConfiguration.Problems) {
                return .http(try HTTPTextConfiguration(tree, at: place, file: file))
            } catch {
                members.add(error.list)
                return nil
            }
        case "twilio":
            let name = entry.text("name") ?? "twilio"
            if !HTTPTextConfiguration.isName(name) { entry.wrong("name", "must be 1 to 32 of a-z, 0-9, - and _") }
            entry.finish()
            members.add(entry.problems)
            return .twilio(name: name)
        case nil: break
        default: entry.wrong("type", "must be twilio or http")
        }
        members.add(entry.problems)
        return nil
    }

    private mutating func order(of names: [String], isWhole: Bool) -> ProviderOrder {
        var order = ProviderOrder(otherwise: names)
        guard let tree = members.take("order") else { return order }
        guard case .object(let lists) = tree else {
            members.wrong("order", "must be an object")
            return order
        }
        for (country, list) in lists.sorted(by: { $0.key < $1.key }) {
            let place = "order.\(country)"
            guard country == "default" || PhoneNumber.isCountry(country) else {
                members.wrong(place, "is no country (two upper-case letters) and not default")
                continue
            }
            guard let list = list.strings, !list.isEmpty, Set(list).count == list.count else {
                members.wrong(place, "must be a list of different providers' names")
                continue
            }
            for name in list where isWhole && !names.contains(name) {
                members.wrong(place, "names \(name), which is not there")
            }
            if country == "default" {
                order.otherwise = list
            } else {
                order.byCountry[country] = list
            }
        }
        return order
    }

    private mutating func reports(_ order: ProviderOrder, silent: Set<String>, isWhole: Bool) -> ReportRule {
        let countries = members.texts("receipts") ?? []
        let seconds = members.integer("receiptSeconds", 10...3600, default: 120)
        for country in countries {
            if !PhoneNumber.isCountry(country) {
                members.wrong("receipts", "names \(country), which is no country")
            } else if !isWhole {
                // What is missing is named already.
                continue
            } else if order.names(for: country).count == 1 {
                members.wrong("receipts", "names \(country), which has no second provider")
            } else if order.names(for: country).dropLast().allSatisfy(silent.contains) {
                members.wrong("receipts", "names \(country), where no provider that reports stands before another")
            }
        }
        return ReportRule(countries: Set(countries), waitMs: Int64(seconds) * 1000, silent: silent)
    }
}
