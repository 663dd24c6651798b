import FoundationEssentials
import Model

/// The built-in texts, and which text an order gets.
public struct TextBook: Sendable {
    /// Those of `texts.json`: a language is added there and nowhere else.
    public static let builtIn = TextBook()

    private let texts: [String: [String: String]]

    private init() {
        do {
            texts = try JSONDecoder().decode(
                [String: [String: String]].self, from: Data(PackageResources.texts_json))
        } catch {
            preconditionFailure("texts.json can't be read: \(error)")
        }
    }

    /// Codes of the languages there are, sorted.
    public var languages: [String] { texts.keys.sorted() }

    public subscript(language: String, kind: TextKind) -> TextTemplate? {
        texts[language]?[kind.rawValue].map { TextTemplate($0) }
    }

    /// The text for an order, or nil where the merchant has not switched its kind on. In this order: the merchant's in
    /// the language and country, the merchant's in the language, the merchant's one text for all (`template`, of the
    /// code only), the built-in one in the language, the merchant's in English, the built-in English one.
    ///
    /// - Parameter locale: the order's, such as `pt-BR`, `es_419`, junk or nil.
    public func template(_ kind: TextKind, _ settings: ShopSettings?, locale: String?) -> TextTemplate? {
        let own = settings?.texts?[kind]
        guard kind == .code || own != nil else { return nil }
        let languages = Self.languages(of: locale)
        if let text = languages.lazy.compactMap({ own?[$0] }).first { return TextTemplate(text) }
        if kind == .code, let text = settings?.template { return TextTemplate(text) }
        if let text = languages.lazy.compactMap({ self[$0, kind] }).first { return text }
        return own?["en"].map { TextTemplate($0) } ?? self["en", kind]
    }

    /// The built-in text in the order's language, else in English.
    public func plain(_ kind: TextKind, locale: String?) -> TextTemplate? {
        Self.languages(of: locale).lazy.compactMap { self[$0, kind] }.first ?? self["en", kind]
    }

    /// What a shop is called of whose name nothing is left, in the order's language, else in English.
    public func namelessShop(locale: String?) -> String {
        Self.languages(of: locale).lazy.compactMap { texts[$0]?["shop"] }.first ?? texts["en"]?["shop"] ?? ""
    }

    /// `pt-BR` → `pt-br`, `pt`; nothing for what is no language tag (BCP 47).
    public static func languages(of locale: String?) -> [String] {
        guard let locale, isTag(locale) else { return [] }
        var subtags = locale.lowercased().split { $0 == "-" || $0 == "_" }
        var languages: [String] = []
        while !subtags.isEmpty {
            languages.append(subtags.joined(separator: "-"))
            subtags.removeLast()
        }
        return languages
    }

    /// A language of two or three letters, then subtags of up to eight letters and digits.
    public static func isTag(_ text: String) -> Bool {
        let subtags = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }
        guard let first = subtags.first, (2...3).contains(first.utf8.count), text.utf8.count <= 35 else { return false }
        return first.allSatisfy { $0.isASCII && $0.isLetter }
            && subtags.dropFirst().allSatisfy { subtag in
                (1...8).contains(subtag.utf8.count)
                    && subtag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            }
    }
}
