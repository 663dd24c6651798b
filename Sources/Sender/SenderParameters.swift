import Model
import Pipeline
import Runtime
import Security

/// What Sender alone is told by its environment.
enum SenderParameters {
    static let rate = Parameter(
        "OTP_TEXT_RATE", default: "100", kind: .integer(0...100_000),
        help: "texts a second of each provider's account, over all instances; 0 is no bound")
    static let concurrency = Parameter(
        "OTP_TEXT_CONCURRENCY", default: "32", kind: .integer(1...1024),
        help: "texts under way to each provider at once, in one instance")
    static let providers = Parameter(
        "OTP_TEXT_PROVIDERS",
        kind: .custom { path in
            do throws(ProviderFile.Problems) {
                _ = try ProviderFile(at: path)
                return nil
            } catch {
                return "names a file with mistakes: " + error.list.joined(separator: "; ")
            }
        },
        help: "a JSON file with the providers of texts and their order by country; unset: Twilio alone")
    static let testNumbers = Parameter(
        "OTP_TEST_NUMBERS",
        kind: .custom { text in
            numbers(text).contains(nil) ? "must be phone numbers like +15005550006, by comma" : nil
        },
        help: "numbers whose texts are only shown, to the operator: GET /admin/test-texts with OTP_ADMIN_TOKEN",
        secret: true)

    static let all = [
        rate, concurrency, providers, testNumbers, CommonParameters.adminToken.optional, SendGuard.limitsParameter,
    ]

    /// Nil where there are no test numbers.
    static func testTexts(_ configuration: Configuration, _ identity: IdentityKey) throws -> TestTexts? {
        guard let text = configuration.optionalText(testNumbers.name) else { return nil }
        let tokens = configuration.secretList(CommonParameters.adminToken.name)
        guard !tokens.isEmpty else {
            throw EnvironmentFailure("\(testNumbers.name) needs \(CommonParameters.adminToken.name)")
        }
        let hashes = numbers(text).compactMap { $0.map { identity.phoneHash($0.e164) } }
        return TestTexts(phones: Set(hashes), tokens: BearerTokens(tokens.map { Secret($0) }))
    }

    private static func numbers(_ list: String) -> [PhoneNumber?] {
        list.split(separator: ",", omittingEmptySubsequences: false).map { entry in
            PhoneNumber(e164: String(entry.filter { $0 != " " }))
        }
    }
}
