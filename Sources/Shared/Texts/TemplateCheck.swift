import Model

/// Whether a merchant's texts may be sent: held against each one when it is saved, and never again.
public struct TemplateCheck: Sendable {
    public static let mostSegments = 3
    public static let variables = ["shop", "code", "order", "link", "minutes"]
    /// A link to us, where our address is not known here.
    public static let longestLink = 120

    /// What the shoppers' links begin with; nil where this daemon is not told.
    private let publicURL: String?

    public init(publicURL: String?) {
        self.publicURL = publicURL
    }

    /// Everything wrong with the texts of these settings, in words for whoever sent them.
    public func problems(_ settings: ShopSettings, domain: String) -> [String] {
        var problems: [String] = []
        if let template = settings.template {
            problems += self.problems(template, .code, settings, domain, "settings.template")
        }
        for kind in TextKind.allCases {
            for (language, text) in (settings.texts?[kind] ?? [:]).sorted(by: { $0.key < $1.key }) {
                let path = "settings.texts.\(kind.rawValue).\(Self.shown(language))"
                if !TextBook.isTag(language) || language != language.lowercased() || language.contains("_") {
                    problems.append("\(path): the language must be like \"de\" or \"pt-br\"")
                }
                problems += self.problems(text, kind, settings, domain, path)
            }
        }
        return problems + nameProblems(settings)
    }

    /// The shop's name as it was written, in the built-in texts: what would fall away is named, so that nobody wonders
    /// later.
    private func nameProblems(_ settings: ShopSettings) -> [String] {
        let name = LinkLike.stripped(settings.name ?? "", limit: ShopSettings.longestName)
        guard !name.isEmpty else { return [] }
        let book = TextBook.builtIn
        let looks = book.languages.flatMap { language in
            TextKind.allCases.compactMap { book[language, $0] }.flatMap { Self.looks($0, shop: name) }
        }
        var problems: [String] = []
        // Blanks may fall away at its ends.
        let isWhole = LinkLike.withoutNumbers(name).filter { $0 != " " } == name.filter { $0 != " " }
        if !isWhole || looks.contains(where: LinkLike.hasPhoneNumber) {
            problems.append("settings.name: no phone number may stand in it")
        }
        if looks.contains(where: LinkLike.hasAddress) {
            problems.append("settings.name: no address may stand in it")
        }
        if looks.contains(where: LinkLike.hasDigitsBesideCode) {
            problems.append("settings.name: no digits may stand at its ends")
        }
        return problems
    }

    private func problems(
        _ text: String, _ kind: TextKind, _ settings: ShopSettings, _ domain: String, _ path: String
    ) -> [String] {
        guard text.utf8.count <= 4_000 else { return ["\(path): too long"] }
        let parts = TextTemplate(text).parts
        let names = parts.compactMap { if case .name(let name) = $0 { name } else { nil } }
        let words = parts.map { if case .words(let words) = $0 { words } else { "" } }.joined(separator: "\n")
        var problems: [String] = []
        if kind == .code, !names.contains("code") { problems.append("\(path): {{code}} is missing") }
        if kind != .code, names.contains("code") { problems.append("\(path): {{code}} has no place here") }
        let unknown = names.filter { !Self.variables.contains($0) }
        if !unknown.isEmpty || words.contains("{{") || words.contains("}}") {
            let known = Self.variables.map { "{{\($0)}}" }.joined(separator: " ")
            problems.append("\(path): only \(known) may stand in double braces")
        }
        if words.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" }) {
            problems.append("\(path): control characters")
        }
        let looks = Self.looks(TextTemplate(text), shop: TextFilling.shopName(settings, domain: domain))
        if looks.contains(where: LinkLike.hasAddress) {
            problems.append("\(path): no address may stand in it but {{link}}")
        }
        if looks.contains(where: LinkLike.hasPhoneNumber) {
            problems.append("\(path): no phone number may stand in it")
        }
        if looks.contains(where: LinkLike.hasDigitsBesideCode) {
            problems.append("\(path): no digits may stand beside {{code}}")
        }
        let segments = Segments(of: longest(settings, domain).text(TextTemplate(text), kind))
        if segments.count > Self.mostSegments {
            problems.append(
                "\(path): takes \(segments.count) segments (\(segments.encoding.rawValue)), at most \(Self.mostSegments)"
            )
        }
        return problems
    }

    /// The text as shoppers may see it, with and without an order's name; in place of the link a blank.
    private static func looks(_ template: TextTemplate, shop: String) -> [String] {
        ["", "A1"].map { order in
            template.filled([
                "shop": shop, "order": order, "minutes": "min", "code": String(LinkLike.mark), "link": " ",
            ])
        }
    }

    /// The longest that is put in at this shop.
    private func longest(_ settings: ShopSettings, _ domain: String) -> TextFilling {
        let token = "/v/00000000-0000-8000-8000-000000000000"
        let base = settings.linkURL ?? publicURL
        let link = base.map { $0 + token } ?? String(repeating: "x", count: Self.longestLink)
        let host = base.map(Self.host) ?? String(repeating: "x", count: 60)
        return TextFilling(
            shop: TextFilling.shopName(settings, domain: domain), order: "#A-12345678",
            code: String(repeating: "0", count: settings.codeLength), link: link,
            minutes: max(1, settings.codeSeconds / 60), originHost: settings.originBound == true ? host : nil)
    }

    /// The host of one of our own addresses, without port.
    public static func host(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" }
        guard authority.first != "[" else { return String(authority.prefix { $0 != "]" }) + "]" }
        return String(authority.prefix { $0 != ":" })
    }

    /// A name somebody made up, short and harmless enough to be repeated.
    private static func shown(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(20).map { $0.isASCII && $0.value >= 32 ? $0 : "?" }))
    }
}
