import Model
import Platforms

/// What an order's phones come to: the number that gets its texts, or why there is none.
struct JudgedPhone {
    let number: PhoneNumber?
    let verdict: OrderFacts.Phone
}

extension ShopSettings {
    /// Where the shop's orders have their number, the first place first.
    var phonePlaces: [PhoneSource] { phoneSources ?? Self.usualPhoneSources }
}

extension [PhoneCandidate] {
    /// The first that can be put into E.164 form and is of no kind which gets no codes; those after it are not looked
    /// at.
    func judged(allowing allowed: Set<NumberType>) -> JudgedPhone {
        var isRefused = false
        for candidate in self {
            guard let number = candidate.number else { continue }
            guard number.type.isRefused(allowing: allowed) else {
                return JudgedPhone(number: number, verdict: .usable(country: number.country))
            }
            isRefused = true
        }
        return JudgedPhone(number: nil, verdict: isRefused ? .refused : isEmpty ? .missing : .unusable)
    }
}

extension PhoneCandidate {
    /// As its own country reads it; only where that has no number like it, as the first of the others that has. What
    /// may be two numbers there is nobody's here: another country would make a third of it.
    fileprivate var number: PhoneNumber? {
        for country in [country] + others {
            switch PhoneNumber.normalise(raw, country: country) {
            case .success(let number): return number
            case .failure(.ambiguous): return nil
            case .failure(.missing), .failure(.unparseable), .failure(.tooShort), .failure(.tooLong),
                .failure(.impossibleLength), .failure(.localOnly), .failure(.unassigned), .failure(.unknownCountry):
                continue
            }
        }
        return nil
    }
}
