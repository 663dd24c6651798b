import Testing

@testable import Verifier

@Suite("The shop's colour on the page")
struct AccentTests {
    /// A grid over the whole cube, and its corners.
    static let colours: [Colour] = stride(from: 0, through: 255, by: 15).flatMap { red in
        stride(from: 0, through: 255, by: 15).flatMap { green in
            stride(from: 0, through: 255, by: 15).map { blue in
                Colour(red: UInt8(red), green: UInt8(green), blue: UInt8(blue))
            }
        }
    }

    @Test("can be read on every surface and be written on, whatever it is")
    func contrast() {
        for colour in Self.colours {
            let accent = Accent(colour)
            for (shades, surfaces) in [
                (accent.light, [Accent.lightSurface, .white]), (accent.dark, [Accent.darkSurface, Accent.darkText]),
            ] {
                for shade in [shades.accent, shades.strong] {
                    #expect(shade.contrast(with: shades.text) >= 4.5, "text on \(colour.text)")
                    for surface in surfaces {
                        #expect(shade.contrast(with: surface) >= 4.5, "\(colour.text) on \(surface.text)")
                    }
                }
            }
        }
    }

    @Test("stays as it is where it can be read")
    func unchanged() {
        let blue = Colour(red: 0x0B, green: 0x5C, blue: 0xAD)
        #expect(Accent(blue).light.accent == blue)
        #expect(Accent(blue).dark.accent != blue)
    }

    @Test(
        "contrasts are those of WCAG",
        arguments: [
            ("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54),
            ("#ff0000", "#ffffff", 4.0), ("#0000ff", "#FFFFFF", 8.59),
        ])
    func vectors(one: String, other: String, ratio: Double) throws {
        let (a, b) = (try #require(Colour(one)), try #require(Colour(other)))
        #expect(abs(a.contrast(with: b) - ratio) < 0.01)
        #expect(a.contrast(with: b) == b.contrast(with: a))
    }

    @Test(
        "what is no colour is none",
        arguments: ["", "#fff", "123456", "#12345", "#1234567", "#12345g", "#+12345", "#１２"])
    func noColour(text: String) {
        #expect(Colour(text) == nil)
    }

    @Test("a colour reads as it was written", arguments: ["#000000", "#00ff7f", "#0a0b0c", "#ffffff"])
    func text(text: String) {
        #expect(Colour(text)?.text == text)
    }

    @Test("the surfaces are those of the style sheet")
    func surfaces() {
        let css = String(decoding: PackageResources.page_css, as: UTF8.self)
        #expect(css.contains("--ground:\(Accent.lightSurface.text)"))
        #expect(css.contains("--paper:\(Accent.darkSurface.text)"))
        #expect(css.contains("--ground:\(Accent.darkText.text)"))
    }
}
