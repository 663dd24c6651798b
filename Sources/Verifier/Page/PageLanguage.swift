import FoundationEssentials
import Texts

/// The page's words in one language, from `languages.json`: a language is added there and nowhere else.
///
/// That every word is there, with its variables, is a matter of the tests; a file that can't be read is a bug and
/// stops.
struct PageLanguage: Decodable, Equatable, Sendable {
    /// `ltr` or `rtl`.
    let direction: String
    private let words: [String: String]
    private let units: [String: [String: String]]

    /// The BCP 47 tag, the name in the file.
    private(set) var code = "en"

    private enum CodingKeys: String, CodingKey {
        case direction, words, units
    }

    enum Unit: String, CaseIterable, Sendable {
        case seconds, minutes, hours
    }

    static let all: [String: PageLanguage] = {
        do {
            var languages = try JSONDecoder().decode(
                [String: PageLanguage].self, from: Data(PackageResources.languages_json))
            for code in languages.keys { languages[code]?.code = code }
            return languages
        } catch {
            preconditionFailure("languages.json can't be read: \(error)")
        }
    }()

    /// The order's language, else the best the client asks for, else English.
    static func choose(locale: String?, acceptLanguage: String?) -> PageLanguage {
        let wanted = [locale].compactMap { $0 } + AcceptLanguage.tags(acceptLanguage)
        let found = wanted.lazy.flatMap { TextBook.languages(of: $0) }.compactMap { all[$0] }.first
        guard let language = found ?? all["en"] else { preconditionFailure("languages.json has no English") }
        return language
    }

    subscript(word: PageWord) -> String { words[word.rawValue] ?? "" }

    /// A number with its unit, such as `1 minute` or `12 minutes`.
    ///
    /// Forms stand under the numbers they are for: `1` for that number, `3-10` or `2-4,22-24` for the last two digits,
    /// `*` for all others.
    func amount(_ number: Int, _ unit: Unit) -> String {
        let forms = units[unit.rawValue] ?? [:]
        let form = forms[String(number)] ?? forms.first { Self.covers($0.key, number % 100) }?.value ?? forms["*"] ?? ""
        return form.replacing("{n}", with: String(number))
    }

    private static func covers(_ ranges: String, _ number: Int) -> Bool {
        ranges.split(separator: ",").contains { range in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            return ends.count == 2 && ends[0] <= number && number <= ends[1]
        }
    }

    /// How long something still takes or lasts, in the unit people would use; rounded down where time runs out, up
    /// where it is waited for.
    func duration(seconds: Int, isWait: Bool = false) -> String {
        let round = { (unit: Int) in isWait ? (seconds + unit - 1) / unit : seconds / unit }
        if seconds >= 7_200 { return amount(round(3_600), .hours) }
        if isWait ? seconds > 90 : seconds >= 60 { return amount(round(60), .minutes) }
        return isWait ? amount(max(1, seconds), .seconds) : self[.lessThanAMinute]
    }

    /// The forms of all units, for the script that counts on.
    var unitsAsJSON: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            return String(decoding: try encoder.encode(units), as: UTF8.self)
        } catch {
            preconditionFailure("words that JSON can't hold: \(error)")
        }
    }
}
