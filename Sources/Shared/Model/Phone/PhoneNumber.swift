/// A phone number in E.164 form (ITU-T E.164: `+`, calling code, national number, at most 15 digits).
/// Promises that its country has numbers like it, not that anybody answers.
/// Prints as `+1*****4567` wherever it ends up; only `e164` shows it.
public struct PhoneNumber: Hashable, Sendable {
    /// `+15035550142`.
    public let e164: String
    /// ISO 3166 alpha-2 of the country that has numbers like it; nil for a calling code of no country.
    public let country: String?
    public let type: NumberType

    init(e164: String, country: String?, type: NumberType) {
        self.e164 = e164
        self.country = country
        self.type = type
    }

    /// A number already in E.164 form, such as one this type gave out; nil for anything else.
    public init?(e164 text: String) {
        guard let number = PhoneNumber.exact(text) else { return nil }
        self = number
    }

    /// Whether numbers have this country: ISO 3166 alpha-2 in upper case.
    public static func isCountry(_ code: String) -> Bool {
        code == code.uppercased() && PhonePlans.region(code) != nil
    }

    /// `+1*****4567`: calling code, five stars, the last four digits (fewer where that were most of the number).
    public var masked: String { PhoneNumber.mask(e164) }

    /// The mask of a text that should be in E.164 form. What is not becomes stars alone.
    public static func mask(_ e164: String) -> String {
        let digits = Array(e164.utf8.dropFirst())
        guard e164.utf8.first == UInt8(ascii: "+"), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let (code, length) = PhonePlans.callingCode(of: digits)
        else { return "*****" }
        let national = digits.dropFirst(length)
        let shown = national.suffix(min(4, national.count / 2))
        return "+\(code)*****" + String(decoding: shown, as: UTF8.self)
    }
}

extension PhoneNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { masked }
    public var debugDescription: String { masked }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
