import Foundation
import Testing

@testable import Texts

@Suite("What a text costs")
struct SegmentsTests {
    struct File: Decodable {
        struct Vector: Decodable {
            let text, encoding: String
            let units, segments: Int
        }

        let basic: [String: Int]
        let extended: [String: Int]
        let vectors: [Vector]

        enum CodingKeys: String, CodingKey {
            case basic, vectors
            case extended = "extension_two_septets"
        }
    }

    static func file() throws -> File {
        let url = try #require(Bundle.module.url(forResource: "gsm7", withExtension: "json", subdirectory: "Vectors"))
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
    }

    @Test("every vector's encoding, units and segments")
    func vectors() throws {
        let vectors = try Self.file().vectors
        #expect(vectors.count == 39)
        for vector in vectors {
            let segments = Segments(of: vector.text)
            #expect(segments.encoding.rawValue == vector.encoding, "\(vector.text)")
            #expect(segments.units == vector.units && segments.count == vector.segments, "\(vector.text)")
        }
    }

    @Test("the whole alphabet, and nothing else of the first plane, is GSM-7")
    func alphabet() throws {
        let file = try Self.file()
        // By scalars: as strings the Ohm sign equals the Greek letter.
        let basic = Set(file.basic.keys.flatMap(\.unicodeScalars))
        let extended = Set(file.extended.keys.flatMap(\.unicodeScalars))
        for value in UInt32(0)...0xFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            let units = basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : nil
            let segments = Segments(of: text)
            #expect(segments.encoding == (units == nil ? .ucs2 : .gsm7) && segments.units == units ?? 1, "U+\(value)")
        }
    }

    @Test(
        "typographic marks are made plain where that makes the text cheap, and only there",
        arguments: [
            ("Your code’s 123456", "Your code's 123456"), ("“a” – b — c…", "\"a\" - b - c..."),
            ("a\u{A0}b\u{202F}c\u{200B}d\te", "a b cd e"), ("«oui» ‹non›", "\"oui\" 'non'"), ("plain", "plain"),
            ("код “x”", "код “x”"), ("código’s", "código’s"), ("ü’é", "ü'é"),
        ])
    func punctuation(text: String, plain: String) {
        #expect(PlainPunctuation.applied(to: text) == plain)
    }
}
