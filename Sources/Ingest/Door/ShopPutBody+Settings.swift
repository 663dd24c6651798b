import Base
import Model

/// The settings of a put.
extension ShopPutBody {
    /// The settings, and everything wrong with them; what is missing or wrong has its default.
    static func settings(
        _ fields: [String: JSONTree], _ allowShortTimers: Bool
    ) -> (ShopSettings, [String]) {
        var reader = FieldReader(fields, at: "settings")
        var settings = ShopSettings()
        settings.active = reader.bool("active") ?? settings.active
        settings.timerSeconds = reader.integer("timerSeconds") ?? settings.timerSeconds
        settings.codeSeconds = reader.integer("codeSeconds") ?? settings.codeSeconds
        settings.codeLength = reader.integer("codeLength") ?? settings.codeLength
        settings.orders = reader.choice("orders", ShopSettings.OrderScope.self) ?? settings.orders
        settings.cancelOnTimeout = reader.bool("cancelOnTimeout") ?? settings.cancelOnTimeout
        settings.onUndeliverable =
            reader.choice("onUndeliverable", ShopSettings.UndeliverablePolicy.self) ?? settings.onUndeliverable
        let unusable = reader.choice("onUnusablePhone", ShopSettings.UnusablePhonePolicy.self)
        settings.onUnusablePhone = unusable == .tag ? nil : unusable
        settings.maxCancelsPerHour = reader.integer("maxCancelsPerHour") ?? settings.maxCancelsPerHour
        settings.countries = reader.texts("countries", nullable: true)
        settings.dailyCap = reader.integer("dailyCap", nullable: true)
        settings.template = reader.text("template", nullable: true)
        settings.name = reader.text("name", nullable: true)
        settings.linkURL = reader.text("linkURL", nullable: true)
        settings.originBound = reader.bool("originBound")
        settings.colour = reader.text("colour", nullable: true)
        settings.logo = logo(&reader)
        readScope(&settings, &reader)
        readCancelling(&settings, &reader)
        if let texts = reader.object("texts", nullable: true) {
            let (read, problems) = Self.texts(texts)
            settings.texts = read
            reader.add(problems)
        }
        reader.add(settings.problems(allowShortTimers: allowShortTimers))
        reader.finish()
        return (settings, reader.problems)
    }

    private static func texts(_ fields: [String: JSONTree]) -> (ShopTexts, [String]) {
        var reader = FieldReader(fields, at: "settings.texts")
        let texts = ShopTexts(
            code: reader.textsByName("code"), verified: reader.textsByName("verified"),
            cancelled: reader.textsByName("cancelled"))
        reader.finish()
        return (texts, reader.problems)
    }

    private static func logo(_ reader: inout FieldReader) -> ShopLogo? {
        guard let fields = reader.object("logo", nullable: true) else { return nil }
        var logo = FieldReader(fields, at: "settings.logo")
        let (type, data) = (logo.text("type"), logo.text("data"))
        logo.require("type", type != nil)
        logo.require("data", data != nil)
        logo.finish()
        reader.add(logo.problems)
        guard let type, let data else { return nil }
        return ShopLogo(type: type, data: data)
    }

    private static func readScope(_ settings: inout ShopSettings, _ reader: inout FieldReader) {
        settings.minimumTotal = reader.text("minimumTotal", nullable: true)
        settings.shippingCountries = reader.texts("shippingCountries", nullable: true)
        settings.onlyTags = reader.texts("onlyTags", nullable: true)
        settings.exceptTags = reader.texts("exceptTags", nullable: true)
        settings.channels = reader.texts("channels", nullable: true)
        settings.codGateways = reader.texts("codGateways", nullable: true)
        settings.skipVerified = reader.bool("skipVerified")
        settings.phoneSources = reader.choices("phoneSources", ShopSettings.PhoneSource.self)
        settings.fixedLine = reader.bool("fixedLine")
        settings.voip = reader.bool("voip")
        settings.aboveLimit = reader.choice("aboveLimit", ShopSettings.LimitPolicy.self)
    }

    private static func readCancelling(_ settings: inout ShopSettings, _ reader: inout FieldReader) {
        settings.refundOnCancel = reader.bool("refundOnCancel")
        settings.restockOnCancel = reader.bool("restockOnCancel")
        settings.notifyOnCancel = reader.bool("notifyOnCancel")
        settings.staffNote = reader.text("staffNote", nullable: true)
    }
}
