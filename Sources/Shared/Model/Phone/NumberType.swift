/// Kinds of numbers that get no codes: a text there costs somebody a premium, or nobody reads it.
///
/// From the table beside this file, which holds libphonenumber's patterns of exactly these kinds; what matches none of them
/// (mobile, fixed line, VoIP) is not refused here: whether it takes texts is the provider's to say.
public enum NumberType: String, Sendable, CaseIterable {
    case premium, shared, personal, pager, uan, voicemail
    case tollFree = "tollfree"

    /// The refused kind of a number in E.164 form; nil for all others. Where countries share a calling code, any of them
    /// may claim the number.
    public static func refused(_ e164: String) -> NumberType? {
        let digits = Array(e164.utf8.dropFirst())
        guard let plan = PhonePlan.leading(digits) else { return nil }
        let national = Array(digits.dropFirst(plan.codeDigits))
        return rules[plan.callingCode]?.first { DigitPattern($0.pattern)?.matches(national) == true }?.type
    }

    struct Rule: Sendable {
        let type: NumberType
        let pattern: String
    }

    static let rules: [Int: [Rule]] = {
        var rules: [Int: [Rule]] = [:]
        for line in String(decoding: PackageResources.number_types_txt, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 3, let code = Int(fields[0]), let type = NumberType(rawValue: String(fields[1]))
            else { continue }
            rules[code, default: []].append(Rule(type: type, pattern: String(fields[2])))
        }
        return rules
    }()
}
