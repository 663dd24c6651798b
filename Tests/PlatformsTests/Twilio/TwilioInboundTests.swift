import Platforms
import Testing

@Suite("What people answer to a text")
struct TwilioInboundTests {
    @Test(
        "Twilio's keywords count alone, in any case; its own word outdoes them",
        arguments: [
            ("STOP", "", .stop), (" stop\n", "", .stop), ("Cancel", "", .stop), ("OPTOUT", "", .stop),
            ("start", "", .start), ("UNSTOP", "", .start), ("yes", "", .start), ("", "STOP", .stop),
            ("anything", "START", .start), ("STOP", "HELP", nil), ("HELP", "", nil), ("cancel my order", "", nil),
            ("S T O P", "", nil), ("STOP.", "", nil), ("", "", nil), ("123456", "", nil),
        ] as [(String, String, TwilioInbound.Wish?)])
    func wishes(body: String, type: String, wish: TwilioInbound.Wish?) {
        var fields = [("Body", body), ("From", "+15005550006")]
        if !type.isEmpty { fields.append(("OptOutType", type)) }
        #expect(TwilioInbound(formFields: fields)?.wish == wish)
    }
}
