import Testing

@testable import Verifier

@Suite("The page's languages")
struct PageLanguageTests {
    @Test("every language says everything, with the same variables as English")
    func complete() throws {
        let english = try #require(PageLanguage.all["en"])
        #expect(Set(PageLanguage.all.keys).isSuperset(of: ["en", "es", "fr", "de", "ar"]))
        for (code, language) in PageLanguage.all {
            #expect(["ltr", "rtl"].contains(language.direction), "\(code)")
            for word in PageWord.allCases {
                #expect(!language[word].isEmpty, "\(code) lacks \(word)")
                #expect(variables(language[word]) == variables(english[word]), "\(code): \(word)")
            }
            for unit in PageLanguage.Unit.allCases {
                for number in 0...200 {
                    let text = language.amount(number, unit)
                    #expect(!text.isEmpty && !text.contains("{"), "\(code): \(number) \(unit)")
                }
            }
        }
    }

    private func variables(_ text: String) -> Set<String> {
        Set(text.matches(of: /\{[^}]*\}/).map { String($0.output) })
    }

    @Test(
        "the order's language comes first, then the client's, then English",
        arguments: [
            ("de", "fr", "de"), ("de-AT", nil, "de"), ("DE_at", nil, "de"), ("it", "fr;q=0.5,es", "es"),
            (nil, "it, fr-CA;q=0.7, de;q=0.3", "fr"), (nil, "ar", "ar"), (nil, nil, "en"), ("xx", "yy", "en"),
            ("", "*", "en"), (nil, "de;q=0, es;q=0.1", "es"), (nil, ";;q=,,=", "en"), ("../en", "de", "de"),
        ] as [(String?, String?, String)])
    func choice(locale: String?, header: String?, expected: String) {
        #expect(PageLanguage.choose(locale: locale, acceptLanguage: header).code == expected)
    }

    @Test(
        "times are said in the unit people use, none is promised longer than it lasts",
        arguments: [
            (0, "less than a minute"), (59, "less than a minute"), (60, "1 minute"), (119, "1 minute"),
            (899, "14 minutes"), (7_199, "119 minutes"), (7_200, "2 hours"), (259_200, "72 hours"),
        ])
    func left(seconds: Int, text: String) {
        #expect(PageLanguage.all["en"]?.duration(seconds: seconds) == text)
    }

    @Test(
        "a wait is never said shorter than it is",
        arguments: [(1, "1 second"), (90, "90 seconds"), (91, "2 minutes"), (120, "2 minutes"), (121, "3 minutes")])
    func wait(seconds: Int, text: String) {
        #expect(PageLanguage.all["en"]?.duration(seconds: seconds, isWait: true) == text)
    }

    @Test(
        "Arabic counts as Arabic does",
        arguments: [
            (1, "دقيقة واحدة"), (2, "دقيقتين"), (3, "3 دقائق"), (10, "10 دقائق"), (11, "11 دقيقة"), (99, "99 دقيقة"),
            (100, "100 دقيقة"), (103, "103 دقائق"),
        ])
    func arabic(number: Int, text: String) {
        #expect(PageLanguage.all["ar"]?.amount(number, .minutes) == text)
    }
}
