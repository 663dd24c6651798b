import Model

/// The settings as they are in effect.
extension ShopView {
    typealias SettingsContainer = KeyedEncodingContainer<SettingsKey>

    func encodeTexting(_ fields: inout SettingsContainer) throws {
        try fields.encode(settings.active, forKey: .active)
        try fields.encode(settings.timerSeconds, forKey: .timerSeconds)
        try fields.encode(settings.codeSeconds, forKey: .codeSeconds)
        try fields.encode(settings.codeLength, forKey: .codeLength)
        try fields.encode(settings.countries, forKey: .countries)
        try fields.encode(settings.dailyCap, forKey: .dailyCap)
        try fields.encode(settings.template, forKey: .template)
        try fields.encode(settings.texts, forKey: .texts)
        try fields.encode(settings.name, forKey: .name)
        try fields.encode(settings.linkURL, forKey: .linkURL)
        try fields.encode(settings.originBound ?? false, forKey: .originBound)
        try fields.encode(settings.colour, forKey: .colour)
        try fields.encode(settings.logo, forKey: .logo)
    }

    func encodeScope(_ fields: inout SettingsContainer) throws {
        try fields.encode(settings.orders, forKey: .orders)
        try fields.encode(settings.minimumTotal, forKey: .minimumTotal)
        try fields.encode(settings.shippingCountries, forKey: .shippingCountries)
        try fields.encode(settings.onlyTags, forKey: .onlyTags)
        try fields.encode(settings.exceptTags, forKey: .exceptTags)
        try fields.encode(settings.channels ?? ShopSettings.usualChannels, forKey: .channels)
        try fields.encode(settings.codGateways ?? [], forKey: .codGateways)
        try fields.encode(settings.skipVerified ?? false, forKey: .skipVerified)
        try fields.encode(settings.phoneSources ?? ShopSettings.usualPhoneSources, forKey: .phoneSources)
        try fields.encode(settings.fixedLine ?? false, forKey: .fixedLine)
        try fields.encode(settings.voip ?? false, forKey: .voip)
        try fields.encode(settings.aboveLimit ?? .letThrough, forKey: .aboveLimit)
    }

    func encodeCancelling(_ fields: inout SettingsContainer) throws {
        try fields.encode(settings.cancelOnTimeout, forKey: .cancelOnTimeout)
        try fields.encode(settings.onUndeliverable, forKey: .onUndeliverable)
        try fields.encode(settings.onUnusablePhone ?? .tag, forKey: .onUnusablePhone)
        try fields.encode(settings.maxCancelsPerHour, forKey: .maxCancelsPerHour)
        try fields.encode(settings.refundOnCancel ?? true, forKey: .refundOnCancel)
        try fields.encode(settings.restockOnCancel ?? true, forKey: .restockOnCancel)
        try fields.encode(settings.notifyOnCancel ?? false, forKey: .notifyOnCancel)
        try fields.encode(settings.staffNote, forKey: .staffNote)
    }
}
