import Browser
import Foundation
import Testing

/// Pictures of every state, for people to look at: `OTP_PAGE_SHOTS=folder swift test --filter PageTests.ShotTests`.
@Suite(
    "Pictures of the page", .enabled(if: ProcessInfo.processInfo.environment["OTP_PAGE_SHOTS"] != nil), .browser,
    .serialized)
struct ShotTests {
    private let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["OTP_PAGE_SHOTS"] ?? "/dev/null")

    @Test("phone and desktop, light and dark, left to right and right to left", arguments: Showcase.allCases)
    func shots(state: Showcase) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (locale, width, isDark) in [
            ("en", 390, false), ("en", 1280, true), ("ar", 390, true), ("de", 320, false), ("ar", 1280, false),
        ] {
            let dress: (Scene) -> Void = {
                if width != 320 { $0.dress(name: "Tea House", colour: "#0f766e", logo: Pictures.logo) }
            }
            try await state.shown(locale, width: width, isDark: isDark, dressed: dress) { tab in
                let name = "\(state.rawValue)-\(locale)-\(width)-\(isDark ? "dark" : "light").png"
                // The whole page: a phone's is longer than its screen.
                let height = try await tab.value("document.documentElement.scrollHeight").integer.map { Int($0) } ?? 844
                try await tab.size(width, height)
                try Data(try await tab.screenshot()).write(to: folder.appending(path: name))
            }
        }
    }
}
