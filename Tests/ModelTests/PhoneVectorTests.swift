import Foundation
import Testing

@testable import Model

@Suite("Phone numbers, 3,000 vectors")
struct PhoneVectorTests {
    struct Vector: Decodable {
        let country, raw: String
        let e164, type, region, callExtension, reason: String?
        /// Why it is not what libphonenumber says; nil where it is.
        let unlike: String?

        init(from decoder: any Decoder) throws {
            var row = try decoder.unkeyedContainer()
            country = try row.decode(String.self)
            raw = try row.decode(String.self)
            e164 = try row.decodeIfPresent(String.self)
            type = try row.decodeIfPresent(String.self)
            region = try row.decodeIfPresent(String.self)
            callExtension = try row.decodeIfPresent(String.self)
            reason = try row.decodeIfPresent(String.self)
            unlike = row.isAtEnd ? nil : try row.decode(String.self)
        }
    }

    static let problems: [String: PhoneProblem] = [
        "INVALID_TOO_LONG": .tooLong, "PARSE_TOO_LONG": .tooLong, "INVALID_TOO_SHORT": .tooShort,
        "PARSE_TOO_SHORT_AFTER_IDD": .tooShort, "INVALID_IS_POSSIBLE": .unassigned,
        "INVALID_IS_POSSIBLE_LOCAL_ONLY": .localOnly, "INVALID_INVALID_LENGTH": .impossibleLength,
        "PARSE_NOT_A_NUMBER": .unparseable, "PARSE_INVALID_COUNTRY_CODE": .unknownCountry,
    ]

    static func vectors() throws -> [Vector] {
        let url = try #require(
            Bundle.module.url(forResource: "phone-vectors", withExtension: "json", subdirectory: "Vectors"))
        return try JSONDecoder().decode([Vector].self, from: Data(contentsOf: url))
    }

    @Test("every number is read, refused, typed and placed as libphonenumber does, but for those that say why not")
    func all() throws {
        let vectors = try Self.vectors()
        var (wrong, ambiguous): ([String], Int) = ([], 0)
        for vector in vectors {
            let found: String
            switch PhoneNumber.normalise(vector.raw, country: vector.country) {
            case .success(let number):
                found = "\(number.e164) \(number.type.rawValue) \(number.country ?? "001")"
            case .failure(.ambiguous) where vector.reason.flatMap { Self.problems[$0] } == .tooLong:
                // Two numbers: no number here either, with a closer reason.
                ambiguous += 1
                continue
            case .failure(let problem): found = problem.rawValue
            }
            let expected =
                vector.e164.map { "\($0) \(vector.type ?? "-") \(vector.region ?? "001")" }
                ?? (vector.raw.allSatisfy(\.isWhitespace)
                ? PhoneProblem.missing : vector.reason.flatMap { Self.problems[$0] })?.rawValue
            if found != expected { wrong.append("\(vector.country) \(vector.raw): \(found), not \(expected ?? "?")") }
        }
        #expect(vectors.count == 3_000)
        #expect(vectors.count { $0.unlike != nil } == 51)
        #expect(wrong == [])
        #expect(ambiguous == 39)
    }

    @Test("extensions are found")
    func extensions() throws {
        let wrong = try Self.vectors().filter { $0.e164 != nil }.compactMap { vector -> String? in
            let found = try PhoneText(vector.raw).callExtension
            return found == vector.callExtension ? nil : "\(vector.raw): \(found ?? "none")"
        }
        #expect(wrong == [])
    }
}
