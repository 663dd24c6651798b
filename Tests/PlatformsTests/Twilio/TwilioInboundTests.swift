import Testing

@testable import Platforms

@Suite("What people answer to a text")
struct TwilioInboundTests {
    @Test(
        // "STOP." is no keyword of Twilio's, but whoever says it gets no more texts.
        "Twilio's keywords count alone, in any case; its own word outdoes them",
        arguments: [
            ("STOP", "", .stop), (" stop\n", "", .stop), ("Cancel", "", .stop), ("OPTOUT", "", .stop),
            ("start", "", .start), ("UNSTOP", "", .start), ("yes", "", .start), ("", "STOP", .stop),
            ("anything", "START", .start), ("STOP", "HELP", nil), ("HELP", "", nil), ("cancel my order", "", nil),
            ("S T O P", "", nil), ("STOP.", "", .stop), ("", "", nil), ("123456", "", nil),
        ] as [(String, String, TwilioInbound.Wish?)])
    func wishes(body: String, type: String, wish: TwilioInbound.Wish?) {
        var fields = [("Body", body), ("From", "+15005550006")]
        if !type.isEmpty { fields.append(("OptOutType", type)) }
        #expect(TwilioInbound(formFields: fields)?.wish == wish)
    }

    @Test(
        "words of other languages, with or without accents, in any case, whatever invisible stands in them",
        arguments: [
            ("ARRET", .stop), ("arrêt", .stop), ("Arre\u{302}t", .stop), ("ALTO", .stop), ("Parar", .stop),
            ("baja", .stop), ("stopp", .stop), ("Aufhören", .stop), ("aufhoren", .stop), ("СТОП", .stop),
            ("стоп", .stop), ("iptal", .stop), ("İPTAL", .stop), ("停止", .stop), ("退订", .stop), ("수신거부", .stop),
            ("توقف", .stop), ("إلغاء", .stop), ("στοπ", .stop), ("dừng", .stop), ("รกุ", nil), ("opt-out", .stop),
            ("\u{200E}STOP\u{200F}", .stop), ("S\u{200B}T\u{2060}OP", .stop), ("STOP\u{FE0F}", .stop),
            ("\u{FEFF}stop\u{00AD}", .stop), ("STOP\u{E0100}", .stop), ("\u{2067}STOP\u{2069}", .stop),
            ("\u{00A0}STOP\u{2003}", .stop), ("STOP\u{0}", .stop), ("démarrer", .start), ("Iniciar", .start),
            ("un\u{200D}stop", .start), ("ja", nil), ("si", nil), ("oui", nil), ("stop it", nil), ("\u{200B}", nil),
        ] as [(String, TwilioInbound.Wish?)])
    func languages(body: String, wish: TwilioInbound.Wish?) {
        #expect(TwilioInbound(formFields: [("Body", body), ("From", "+15005550006")])?.wish == wish)
    }

    @Test(
        "punctuation around a word, or a blank within it, is no other word",
        arguments: [
            ("Stop.", .stop), ("STOP!", .stop), ("\"STOP\"", .stop), ("“Stop”", .stop), ("(stop)", .stop),
            ("¡ALTO!", .stop), ("«СТОП»", .stop), ("停止。", .stop), ("stop :-)", .stop), ("STOP 🛑", .stop),
            ("OPT OUT", .stop), ("opt out.", .stop), ("Opt-out!", .stop), ("STOP ALL", .stop), ("stop all!!", .stop),
            ("BẮT ĐẦU", .start), ("bắt đầu.", .start), ("Start!", .start), ("Yes.", .start), ("'start'", .start),
            ("रोकें।", .stop), ("stop it", nil), ("Stop, please", nil), ("cancel order", nil), ("Don't stop", nil),
            ("!", nil), ("...", nil), ("S T O P", nil), ("no stop", nil),
        ] as [(String, TwilioInbound.Wish?)])
    func punctuation(body: String, wish: TwilioInbound.Wish?) {
        #expect(TwilioInbound(formFields: [("Body", body), ("From", "+15005550006")])?.wish == wish)
    }

    @Test(
        "a channel before the number is dropped",
        arguments: [
            ("+14155550111", "+14155550111"), ("rcs:+14155550111", "+14155550111"),
            ("whatsapp:+14155550111", "+14155550111"), ("RCS: +14155550111", "+14155550111"),
            ("messenger:+14155550111", "+14155550111"), ("messenger:1234567890", "messenger:1234567890"),
            ("\u{202A}+14155550111\u{202C}", "+14155550111"), ("client:x:+14155550111", "+14155550111"), ("", ""),
        ])
    func channels(from: String, number: String) {
        #expect(TwilioInbound(formFields: [("Body", "STOP"), ("From", from)])?.from == number)
    }

    @Test("no word of one list is in the other, and each is one word")
    func lists() {
        let stops = OptOutWords.stopWords.values.flatMap { $0.split(separator: " ") }.map(String.init)
        let starts = OptOutWords.startWords.values.flatMap { $0.split(separator: " ") }.map(String.init)
        #expect(stops.allSatisfy { OptOutWords.wish($0) == .stop && OptOutWords.wish($0.lowercased()) == .stop })
        #expect(starts.allSatisfy { OptOutWords.wish($0) == .start && OptOutWords.wish($0.lowercased()) == .start })
    }
}
