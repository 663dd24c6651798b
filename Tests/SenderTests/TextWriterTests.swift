import Foundation
import Model
import Platforms
import Testing

@testable import Sender

@Suite("The text of a message")
struct TextWriterTests {
    /// The characters of GSM 03.38 that a text of ours may hold without becoming UCS-2 (basic table, ASCII part).
    static let gsm7 = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 \n@$_!\"#%&'()*+,-./:;<=>?")

    @Test("the built-in text fits one GSM-7 segment, and holds shop, code, order, minutes and link")
    func builtIn() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        await bench.run()
        let text = try #require(bench.script.sent.all.first)
        #expect(text.body.count <= 160)
        #expect(text.body.allSatisfy { Self.gsm7.contains($0) })
        let link = "https://verify.example.com/v/\(bench.token.text)"
        let pattern = #/example-store: your code is (\d{6}), valid 10 min\. Confirm your order #1001: (.+)/#
        let match = try #require(text.body.wholeMatch(of: pattern))
        #expect(match.2 == link)
        #expect(text.validitySeconds == 600)
    }

    @Test("the provider's way back names verification, range and number")
    func callback() async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        await bench.run()
        #expect(
            bench.script.sent.all.first?.statusCallback
                == "https://hooks.example.com/webhooks/twilio/status?v=\(bench.id.text)&r=\(bench.range)&n=1")
    }

    @Test("a shop's own text is used")
    func own() async throws {
        let bench = try Bench()
        bench.learnShop { $0.template = "{{code}} fuer {{order}}" }
        bench.deliver(.send(bench.request()))
        await bench.run()
        #expect(bench.script.sent.all.first?.body.contains(#/^\d{6} fuer #1001$/#) == true)
    }

    @Test("names bring no number and no sentence, and the link stands alone in a text of the shop's own")
    func names() async throws {
        for template in [nil, "{{shop}}, {{order}}: {{code}} ({{link}})."] {
            let bench = try Bench()
            bench.learnShop {
                $0.name = "Call 1-900-555-0199"
                $0.template = template
            }
            var request = bench.request()
            request.subject.orderName = "URGENT call 1-900-555-0199 ref"
            bench.deliver(.send(request))
            await bench.run()
            let body = try #require(bench.script.sent.all.first?.body)
            #expect(body.hasPrefix("Call") && body.contains("ref") && !body.contains("900") && !body.contains("URGENT"))
            let link = try #require(body.firstRange(of: "https://verify.example.com/v/\(bench.token.text)"))
            #expect(link.upperBound == body.endIndex || body[link.upperBound] == " ", "\(body)")
        }
    }

    @Test("the link can carry the merchant's own domain, and the last line names it")
    func ownDomain() async throws {
        let bench = try Bench()
        bench.learnShop {
            $0.linkURL = "https://shop.example/apps/otp"
            $0.originBound = true
        }
        bench.deliver(.send(bench.request()))
        await bench.run()
        let body = try #require(bench.script.sent.all.first?.body)
        #expect(body.contains(" https://shop.example/apps/otp/v/\(bench.token.text)\n"))
        #expect(body.contains("\n\n@shop.example #"))
    }
}
