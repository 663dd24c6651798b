import Browser
import Testing

/// One browser for all tests of a suite: started before the first, ended after the last. Where Chromium is missing the
/// suite fails and says how it is installed.
struct BrowserTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let browser = try Chromium()
        do {
            try await Chromium.$current.withValue(browser) { try await function() }
        } catch {
            await browser.close()
            throw error
        }
        await browser.close()
    }
}

extension Trait where Self == BrowserTrait {
    static var browser: BrowserTrait { BrowserTrait() }
}

extension Chromium {
    @TaskLocal static var current: Chromium?

    /// The browser of the suite that is running.
    static var now: Chromium {
        guard let current else { preconditionFailure("the suite has no browser: @Suite(.browser)") }
        return current
    }
}
