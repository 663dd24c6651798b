/// What is wrong with a merchant's settings, in words for whoever sent them; nothing of the values but numbers is
/// repeated.
extension ShopSettings {
    /// Every problem with the values.
    ///
    /// - Parameter allowShortTimers: lets a timer be as short as 5 seconds, for trying things out.
    public func problems(allowShortTimers: Bool) -> [String] {
        let shortestTimer = allowShortTimers ? 5 : 300
        var problems: [String] = []
        func require(_ name: String, _ value: Int, in range: ClosedRange<Int>) {
            guard !range.contains(value) else { return }
            problems.append("settings.\(name): \(value) is outside \(range.lowerBound)–\(range.upperBound)")
        }
        require("timerSeconds", timerSeconds, in: shortestTimer...259_200)
        require("codeSeconds", codeSeconds, in: 30...600)
        require("codeLength", codeLength, in: 4...10)
        require("maxCancelsPerHour", maxCancelsPerHour, in: 0...1_000_000)
        if let dailyCap { require("dailyCap", dailyCap, in: 0...10_000_000) }
        for country in countries ?? [] where !Self.isCountryCode(country) {
            problems.append("settings.countries: every entry must be a two-letter upper-case country code")
            break
        }
        if let linkURL, !Self.isLinkURL(linkURL) {
            problems.append("settings.linkURL: must be like https://shop.example/apps/otp, of at most 80 characters")
        }
        if let name, !Self.isText(name, upTo: Self.longestName) {
            problems.append("settings.name: must be 1 to \(Self.longestName) characters of text")
        }
        if let staffNote, !Self.isText(staffNote, upTo: Self.longestStaffNote) {
            problems.append("settings.staffNote: must be 1 to \(Self.longestStaffNote) characters of text")
        }
        if let colour, !Self.isColour(colour) { problems.append("settings.colour: must be like \"#1a2b3c\"") }
        if let problem = logo?.problem { problems.append(problem) }
        return problems + scopeProblems
    }

    /// Those of the settings that say which orders are verified.
    private var scopeProblems: [String] {
        var problems: [String] = []
        func check(_ name: String, _ list: [String]?, atLeast least: Int, upTo longest: Int) {
            guard let list else { return }
            if !(least...Self.longestList).contains(list.count) {
                let none = least > 0 ? ", or null" : ""
                problems.append("settings.\(name): must have \(least) to \(Self.longestList) entries\(none)")
            } else if !list.allSatisfy({ Self.isText($0, upTo: longest) }) {
                problems.append("settings.\(name): every entry must be 1 to \(longest) characters of text")
            }
        }
        if let minimumTotal, !Self.isTotal(minimumTotal) {
            problems.append("settings.minimumTotal: must be like \"49.90\"")
        }
        if let shippingCountries {
            if !(1...250).contains(shippingCountries.count) {
                problems.append("settings.shippingCountries: must have 1 to 250 entries, or null")
            } else if !shippingCountries.allSatisfy(Self.isCountryCode) {
                problems.append("settings.shippingCountries: every entry must be a two-letter upper-case country code")
            }
        }
        check("onlyTags", onlyTags, atLeast: 1, upTo: Self.longestTag)
        check("exceptTags", exceptTags, atLeast: 0, upTo: Self.longestTag)
        check("channels", channels, atLeast: 0, upTo: Self.longestEntry)
        check("codGateways", codGateways, atLeast: 0, upTo: Self.longestEntry)
        if let phoneSources, phoneSources.isEmpty || Set(phoneSources).count < phoneSources.count {
            problems.append("settings.phoneSources: must name at least one place, none of them twice")
        }
        return problems
    }

    /// Digits, and a fraction after a dot where there is one; within what ``DecimalText`` takes.
    private static func isTotal(_ text: String) -> Bool {
        text.wholeMatch(of: #/[0-9]{1,12}(\.[0-9]{1,6})?/#) != nil
    }

    /// Something to read, on one line.
    private static func isText(_ text: String, upTo longest: Int) -> Bool {
        (1...longest).contains(text.count) && !text.allSatisfy(\.isWhitespace)
            && !text.unicodeScalars.contains(where: isControl)
    }

    /// https, a host with a dot, a path without a slash at its end; nothing that needs encoding.
    private static func isLinkURL(_ text: String) -> Bool {
        text.utf8.count <= 80
            && text.wholeMatch(of: #/https:\/\/[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(\/[A-Za-z0-9_-]+)*/#) != nil
    }

    private static func isColour(_ text: String) -> Bool {
        text.utf8.count == 7 && text.utf8.first == UInt8(ascii: "#") && text.dropFirst().allSatisfy(\.isHexDigit)
            && text.utf8.count == text.count
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }

    private static func isCountryCode(_ text: String) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}
