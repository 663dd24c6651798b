/// A shop's colour as the page can use it: as near to it as can be read, in the light and in the dark scheme.
///
/// Whatever the colour, an accent has at least 4.5:1 on every surface of its scheme, and so has the text on it.
struct Accent: Equatable, Sendable {
    struct Shades: Equatable, Sendable {
        /// Buttons, links, the outline of what has the focus.
        var accent: Colour
        /// The same under the pointer.
        var strong: Colour
        /// Text on either.
        var text: Colour
    }

    /// The surfaces of `page.css` that an accent stands on, the one nearest to it in lightness.
    static let lightSurface = Colour(red: 0xF3, green: 0xF5, blue: 0xF7)
    static let darkSurface = Colour(red: 0x1A, green: 0x20, blue: 0x26)
    static let darkText = Colour(red: 0x10, green: 0x14, blue: 0x18)
    static let leastContrast = 4.5

    /// For shops that have chosen none.
    static let standard = Accent(Colour(red: 0x0B, green: 0x5C, blue: 0xAD))

    let light: Shades
    let dark: Shades

    init(_ colour: Colour) {
        let dim = Self.nearest(to: colour, towards: .black, on: Self.lightSurface)
        light = Shades(accent: dim, strong: dim.mixed(with: .black, share: 0.2), text: .white)
        let bright = Self.nearest(to: colour, towards: .white, on: Self.darkSurface)
        dark = Shades(accent: bright, strong: bright.mixed(with: .white, share: 0.3), text: Self.darkText)
    }

    /// The style sheet's variables.
    var css: String {
        func variables(_ shades: Shades) -> String {
            ":root{--accent:\(shades.accent.text);--strong:\(shades.strong.text);--on:\(shades.text.text)}"
        }
        return variables(light) + "@media(prefers-color-scheme:dark){" + variables(dark) + "}"
    }

    private static func nearest(to colour: Colour, towards end: Colour, on surface: Colour) -> Colour {
        for step in 0...100 {
            let shade = colour.mixed(with: end, share: Double(step) / 100)
            if shade.contrast(with: surface) >= leastContrast { return shade }
        }
        return end
    }
}
