import Model
import Platforms

extension ShopSettings {
    /// Where the shop's orders have their number, the first place first.
    var phonePlaces: [PhoneSource] { phoneSources ?? Self.usualPhoneSources }
}

extension [PhoneCandidate] {
    /// Those that can be put into E.164 form, in their order.
    private var numbers: [PhoneNumber] {
        compactMap { candidate in
            if case .success(let number) = PhoneNumber.normalise(candidate.raw, country: candidate.country) {
                number
            } else {
                nil
            }
        }
    }

    /// The first of them that is of no kind which gets no codes.
    func usable(allowing allowed: Set<NumberType>) -> PhoneNumber? {
        numbers.first { !$0.type.isRefused(allowing: allowed) }
    }

    /// - Parameter phone: what ``usable(allowing:)`` gave.
    func judged(_ phone: PhoneNumber?) -> OrderFacts.Phone {
        if let phone { return .usable(country: phone.country) }
        guard numbers.isEmpty else { return .refused }
        return isEmpty ? .missing : .unusable
    }
}
