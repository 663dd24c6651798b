import Model

/// What is put into a template, and what stands around it.
public struct TextFilling: Equatable, Sendable {
    /// As shoppers know it; nothing in it is a link or a number. Empty: the text says "your shop" in its language.
    public var shop: String
    public var order: String
    public var code: String
    public var link: String
    public var minutes: Int
    /// Where the browser may offer the code by itself (WICG, origin-bound one-time codes); nil for no such line.
    public var originHost: String?

    public init(shop: String, order: String?, code: String, link: String, minutes: Int, originHost: String? = nil) {
        self.shop = shop
        self.order = ShownName.order(order ?? "")
        self.code = code
        self.link = link
        self.minutes = minutes
        self.originHost = originHost
    }

    /// What a shop is called in texts: its name, else its domain without `.myshopify.com`; of either what is no link
    /// and no number to call. Empty where nothing is left.
    public static func shopName(_ settings: ShopSettings?, domain: String) -> String {
        let name = ShownName.shop(settings?.name ?? "", limit: ShopSettings.longestName)
        guard name.isEmpty else { return name }
        let suffix = ".myshopify.com"
        let shown = domain.hasSuffix(suffix) ? String(domain.dropLast(suffix.count)) : domain
        return ShownName.shop(shown, limit: ShopSettings.longestName)
    }

    /// The text as it is sent. One that has become longer than was checked when it was saved (an order's name can make
    /// it UCS-2) gives way to the built-in one.
    public func text(_ template: TextTemplate, _ kind: TextKind, locale: String?) -> String {
        var filling = self
        if shop.isEmpty { filling.shop = TextBook.builtIn.namelessShop(locale: locale) }
        let own = filling.text(template, kind)
        guard Segments(of: own).count > TemplateCheck.mostSegments,
            let plain = TextBook.builtIn.plain(kind, locale: locale)
        else { return own }
        return filling.text(plain, kind)
    }

    /// The template filled, whatever its length.
    func text(_ template: TextTemplate, _ kind: TextKind) -> String {
        let words = template.filled([
            "shop": shop, "order": order, "code": code, "link": link, "minutes": String(minutes),
        ])
        let plain = PlainPunctuation.applied(to: words)
        guard kind == .code, let originHost else { return plain }
        return "\(plain)\n\n@\(originHost) #\(code)"
    }
}
