import Testing

@testable import Model

/// A code never goes to a number that nobody typed: what is no part of a number is dropped, and what may be part of it
/// or not makes the text no number.
@Suite("Phone numbers and what people write beside them")
struct PhoneRemarkTests {
    @Test(
        "Letters of any alphabet behind a number are dropped, with all that follows them",
        arguments: [
            "0664 1234567 Max", "0664 1234567Max", "0664 123 45 67 Max", "0664/1234567 Anna", "0664 1234567 Max 2",
            "0664 1234567 Top 4", "0664 1234567 DW 12", "0664 1234567DW12", "0664 1234567 nur 8-12 Uhr",
            "0664 1234567 Max 0676 7654321", "0664 1234567 oder 0676 7654321", "0664 1234567 ибу 2",
            "0664 1234567 محمد",
            "0664 1234567 王先生 2", "0664 1234567 मीरा 2", "0664 1234567 내선 3", "0664 1234567 ต่อ 12",
            "0664 1234567 ²", "0664 1234567 №2", "0664 1234567 😀 2", "0664 1234567, Max", "0664 1234567 - Max 2",
            "0664-1234567-Max", "0664 1234567 xx", "0664 1234567 o 0676 7654321", "+43 664 123 45 67 a2",
        ])
    func letters(raw: String) {
        #expect(PhoneNumberTests.e164(raw, "AT") == "+436641234567")
    }

    @Test(
        "So are brackets behind a whole number, extensions and the digit or two behind a slash or comma",
        arguments: [
            "0664 1234567 (2)", "(0664) 1234567 (12)", "0664 1234567 [2]", "0664 1234567 {2}", "0664 1234567 <2>",
            "0664 1234567（2）", "0664 1234567 【2】", "0664 1234567 (8-12 Uhr)", "0664 1234567(Max)", "0664 1234567 / 12",
            "0664 1234567/12", "0664/1234567 / 12", "0664 1234567, 12", "0664 1234567;12", "0664 1234567\n12",
            "0664 1234567 #12", "0664 1234567 ~12", "0664 1234567x12", "0664 1234567 ext. 12", "0664 1234567 доб. 12",
            "0664 1234567!", "\"0664 1234567\"", "0664 1234567 -", "0664 1234567 + 12",
        ])
    func signs(raw: String) {
        #expect(PhoneNumberTests.e164(raw, "AT") == "+436641234567")
    }

    @Test(
        "A label in front is no obstacle",
        arguments: [
            "tel: 0664 1234567", "tel:06641234567", "Tel. 0664 1234567", "TEL:+43 664 1234567", "Handy: 0664 1234567",
            "M: 0664 1234567", "WhatsApp 0664 1234567", "WhatsApp 2: 0664 1234567", "Nr. 2: +43 664 1234567",
            "Max + Anna 0664 1234567", "📞 0664 1234567", "هاتف 0664 1234567", "電話：0664 1234567", "'06641234567",
            "(0664) 1234567", "[0664] 1234567", "+43 (0) 664 1234567", "+43 (0664) 1234567",
        ])
    func labels(raw: String) {
        #expect(PhoneNumberTests.e164(raw, "AT") == "+436641234567")
        #expect(PhoneNumberTests.e164("+43 (0664) 1234567", "DE") == "+436641234567")
    }

    @Test(
        "What may be part of the number or not makes it no number",
        arguments: [
            ("0664 12345O7", "AT"), ("0664 123456 O 78", "AT"), ("0664 123456О", "AT"), ("06641234a567", "AT"),
            ("0664-1234-A-567", "AT"), ("0664 123456xx", "AT"), ("0664 1234 HELP", "AT"), ("0664 123456**", "AT"),
            ("0171***1234567", "DE"), ("0664 1234567 12", "AT"), ("0664 1234567-12", "AT"), ("0664 1234567 - 12", "AT"),
            ("0664 1234567_12", "AT"), ("0664 1234567 • 12", "AT"), ("0664 123 45 67-12", "AT"),
            ("0664 1234567 17 Uhr", "AT"), ("0664 1234567 8-12 Uhr", "AT"), ("0664 123 45 67 2. Stock", "AT"),
            ("0664 123 45 67 2nd floor", "AT"), ("0664 1234567 : 12", "AT"), ("0664 1234567 = 12", "AT"),
            ("0664 1234567 / 123", "AT"), ("0664 1234567 (123)", "AT"), ("0811 234 567 12 ibu", "ID"),
            ("0171 1234567 8-12h", "DE"), ("030/123/4567", "DE"), ("30159 Hannover, 0151 23456789", "DE"),
            ("12 / 0664 123456", "AT"), ("Haus 12, 0664 123456", "AT"), ("Top 4 0664 1234567", "AT"),
            ("Handy2 0664 1234567", "AT"), ("Top 4 628 123 456", "LU"), ("2) 0664 1234567", "AT"),
            ("0xx664 1234567", "AT"),
            ("1-800-FLOWERS", "US"), ("1-800-GOOG-411", "US"), ("555-555-SHIP", "US"), ("090の1234の5678", "JP"),
        ])
    func doubt(raw: String, country: String) {
        #expect(PhoneNumberTests.e164(raw, country) == nil)
    }

    @Test(
        "Where several readings exist that is the reason: no other country is asked",
        arguments: [
            ("0171 1234567 8", "DE"), ("06 12 34 56 78 9", "FR"), ("06 12 34 56 78 06 87 65 43 21", "FR"),
            ("0664 1234567 12", "AT"), ("0664 1234567-12", "AT"),
            ("0664 1234567 17 Uhr", "AT"), ("0664 123456 O 78", "AT"), ("0664 12345O7", "AT"),
            ("0664 1234567 / 123", "AT"), ("0664 1234567 (123)", "AT"), ("0612345678 / 0687654321", "FR"),
            ("0612345678 0687654321", "FR"), ("0612345678 +33687654321", "FR"), ("0612345678; 0687654321", "FR"),
            ("030 1234 030 5678", "DE"), ("12 / 0664 123456", "AT"), ("Top 4 0664 1234567", "AT"),
            ("0400 1234567 12", "FI"), ("0400 123456-12", "FI"), ("0400 123 456 2. krs", "FI"),
        ])
    func ambiguous(raw: String, country: String) {
        #expect(PhoneNumberTests.problem(raw, country) == .ambiguous)
    }

    @Test(
        "A piece of a number is no number where nobody has as short ones",
        arguments: [
            ("0400 123 456 Matti", "FI", "+358400123456"), ("0400 123 456 (työ)", "FI", "+358400123456"),
            ("050 123 45 67 koti", "FI", "+358501234567"), ("0400 123-456", "FI", "+358400123456"),
            ("040 1234-567", "FI", "+358401234567"), ("040 123 4567 Matti", "FI", "+358401234567"),
            ("+358 40 123 45 67 Matti", "FI", "+358401234567"), ("0400 123, 456", "FI", "+358400123456"),
            ("040 123 45 67", "FI", "+358401234567"), ("0457 123 45 67 Matti", "FI", "+3584571234567"),
            ("0400123456 Matti 2", "FI", "+358400123456"),
            ("0664 123 456 78 Max", "AT", "+4366412345678"), ("+43 664 123 456 78 (Max)", "AT", "+4366412345678"),
            ("0664 12 34 567 Max", "AT", "+436641234567"), ("0664 123-4567 Max", "AT", "+436641234567"),
        ])
    func pieces(raw: String, country: String, e164: String) {
        #expect(PhoneNumberTests.e164(raw, country) == e164)
    }

    @Test(
        "Digits that stand apart are no piece of it",
        arguments: [
            ("0664 123456 78 Max", "AT"), ("0664 123 456 7 Max", "AT"), ("0664 123 456 2. Stock", "AT"),
            ("0664 123 45 67 12 Max", "AT"), ("050 123 456 2. krs", "FI"), ("0400 123 456 17 asti", "FI"),
        ])
    func apart(raw: String, country: String) {
        #expect(PhoneNumberTests.problem(raw, country) == .ambiguous)
    }

    @Test(
        "Separators within a number are separators",
        arguments: [
            "0664/1234567", "0664 / 123 45 67", "0664/123/45/67", "0664,1234567", "0664,123,45,67", "0664, 1234567",
            "0664 - 123 - 45 - 67", "0664-123-45-67", "0664·123·45·67", "0664•1234567", "0664_123_4567",
            "0664.123.45.67",
            "0664\u{202F}123\u{2009}4567", "0664\t1234567", "0664\u{3000}1234567", "0664\u{2009}·\u{2009}1234567",
            "\u{200E}0664\u{202A}1234567\u{202E}", "\u{2066}0664 1234567\u{2069}", "0\u{FE0D}664 1234567\u{FE0F}",
            "0️⃣6️⃣6️⃣4️⃣ 1234567", "0664\u{AD}1234567", "\u{FEFF}0664\u{180E}1234567", "0664‐123‒45–67", "0664、1234567",
            "٠٦٦٤ ١٢٣٤٥٦٧", "०६६४ १२३४५६७", "０６６４／１２３４５６７",
        ])
    func separators(raw: String) {
        #expect(PhoneNumberTests.e164(raw, "AT") == "+436641234567")
    }

    @Test(
        "Of two numbers with a word between them it is the first, with a sign between them nobody's; never a mixture",
        arguments: [
            ("0612345678 ou 0687654321", true), ("0612345678ou0687654321", true), ("0612345678, ou 0687654321", true),
            ("06 12 34 56 78 et 06 87 65 43 21", true), ("0612345678 / 0687654321", false),
            ("0612345678/0687654321", false), ("0612345678; 0687654321", false), ("0612345678;0687654321", false),
            ("0612345678, 0687654321", false), ("0612345678,0687654321", false), ("0612345678\n0687654321", false),
            ("0612345678 0687654321", false), ("0612345678 | 0687654321", false), ("0612345678 & 0687654321", false),
            ("0612345678 +33687654321", false), ("0612345678 - 0687654321", false), ("0612345678 (0687654321)", false),
        ])
    func two(raw: String, isFirst: Bool) {
        #expect(PhoneNumberTests.e164(raw, "FR") == (isFirst ? "+33612345678" : nil))
    }

    @Test(
        "Short numbers are not mixed either, where the plan has room for both as one",
        arguments: ["030 12345 / 23456", "030 12345 / 030 23456", "030 1234 030 5678", "030 12345; 23456"])
    func short(raw: String) {
        #expect(PhoneNumberTests.e164(raw, "DE") == nil)
    }

    @Test("A text of more than 250 characters is refused unread, and the worst one within them is quick")
    func bounded() {
        let commas = "1234567ext" + String(repeating: ",", count: 450_000) + "1"
        let worst =
            ["1234567ext" + String(repeating: ",", count: 239) + "1"]
            + ["1/", "1, ", "1 (", "01 / ", "+1 ", "01;02/03, 04(05", "0664-12345 - (1) "].map {
                String(String(repeating: $0, count: 250).prefix(250))
            }
        // The bound is some hundred times what it takes: without it a single such text takes minutes.
        let time = ContinuousClock().measure {
            for _ in 0..<1_000 { #expect(PhoneNumberTests.problem(commas, "AT") == .tooLong) }
            for text in worst { #expect(PhoneNumberTests.e164(text, "AT") == nil || text == worst[0]) }
        }
        #expect(time < .seconds(20))
        #expect(PhoneNumberTests.e164("+15035550142" + String(repeating: " ", count: 238), nil) == "+15035550142")
        #expect(PhoneNumberTests.problem("+15035550142" + String(repeating: " ", count: 239), nil) == .tooLong)
    }
}
