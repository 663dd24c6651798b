@testable import Model
import Testing

@Suite("Which orders a merchant wants verified")
struct IntakeScopeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let reason: SkipReason?
        var platform = "shopify"
        var settings: @Sendable (inout ShopSettings) -> Void = { _ in }
        var facts: @Sendable (inout OrderFacts) -> Void = { _ in }
        var testDescription: String { name }
    }

    private func reason(_ example: Case) -> SkipReason? {
        var settings = ShopSettings()
        example.settings(&settings)
        return Intake.scopeReason(IntakeTests.facts(example.facts), settings, platform: example.platform)
    }

    static func byChannel(_ name: String?, _ wanted: [String]?, _ reason: SkipReason?, _ platform: String = "shopify")
        -> Case
    {
        Case(
            name: "\(name ?? "none") at \(platform), wanted \(wanted?.joined(separator: ",") ?? "as usual")",
            reason: reason,
            platform: platform, settings: { $0.channels = wanted }, facts: { $0.channel = name })
    }

    static let channelCases: [Case] = [
        byChannel("web", nil, nil), byChannel(nil, nil, nil), byChannel("Web", nil, nil),
        byChannel("pos", nil, .channel), byChannel("shopify_draft_order", nil, .channel),
        byChannel("subscription_contract", nil, .channel),
        byChannel("subscription_contract_checkout_one", nil, .channel),
        byChannel("1354745", nil, .channel), byChannel("iphone", nil, .channel),
        byChannel("checkout_next", nil, .channel),
        byChannel("pos", ["web", "POS"], nil), byChannel("web", ["pos"], .channel), byChannel(nil, ["pos"], .channel),
        byChannel("shopify_draft_order", ["drafts"], nil),
        byChannel("shopify_draft_order", ["shopify_draft_order"], nil),
        byChannel("subscription_contract_checkout_one", ["renewals"], nil), byChannel("web", ["renewals"], .channel),
        byChannel("1354745", ["apps"], nil), byChannel("1354745", ["1354745"], nil),
        byChannel("1354746", ["1354745"], .channel),
        byChannel("iphone", ["web", " iPhone "], nil),
        byChannel("pos", [], nil), byChannel("anything", [], nil), byChannel(nil, [], nil),
        byChannel(nil, nil, nil, "custom"), byChannel(nil, ["pos"], nil, "custom"),
        byChannel("app", nil, .channel, "custom"),
        byChannel("web", nil, nil, "custom"), byChannel("app", ["app"], nil, "custom"),
    ]

    @Test(
        "the online shop's orders alone, unless other channels are named; none named is every one",
        arguments: channelCases)
    func judgesChannel(_ example: Case) { #expect(reason(example) == example.reason) }

    static func atDoor(
        _ channel: String?, _ reason: SkipReason?, wanted: [String]? = nil, gateway: String = "COD",
        byShopper: Bool = false
    ) -> Case {
        Case(
            name: "\(channel ?? "none") by \(gateway)", reason: reason,
            settings: { ($0.orders, $0.channels) = (.cod, wanted) },
            facts: { ($0.channel, $0.gateways, $0.isByShopper) = (channel, [gateway], byShopper) })
    }

    static let doorCases: [Case] = [
        atDoor("web", nil), atDoor(nil, nil), atDoor("1354745", nil), atDoor("4783155", nil),
        atDoor("shopify_draft_order", nil, byShopper: true), atDoor("shopify_draft_order", .channel),
        atDoor("pos", .channel, byShopper: true), atDoor("subscription_contract", .channel, byShopper: true),
        atDoor("subscription_contract_checkout_one", .channel), atDoor("iphone", .channel),
        atDoor("4783155", .outOfScope, gateway: "shopify_payments"),
        atDoor("shopify_draft_order", .outOfScope, gateway: "shopify_payments", byShopper: true),
        // What the merchant listed is meant as it stands.
        atDoor("shopify_draft_order", nil, wanted: ["drafts"]), atDoor("4783155", .channel, wanted: ["web"]),
        atDoor("shopify_draft_order", .channel, wanted: ["web"], byShopper: true), atDoor("pos", nil, wanted: []),
    ]

    @Test(
        "order forms of apps count as the online shop where cash on delivery alone is asked for", arguments: doorCases)
    func judgesDoor(_ example: Case) { #expect(reason(example) == example.reason) }

    static func byGateway(_ name: String, _ isDoor: Bool, own: [String]? = nil) -> Case {
        Case(
            name: "\(name), own \(own?.joined(separator: ",") ?? "none")", reason: isDoor ? nil : .outOfScope,
            settings: {
                $0.orders = .cod
                $0.codGateways = own
            }, facts: { $0.gateways = [name] })
    }

    static let gatewayCases: [Case] = [
        byGateway("Cash on Delivery (COD)", true), byGateway("cod", true), byGateway("COD fee", true),
        byGateway("Nachnahme", true), byGateway("Contra Reembolso", true), byGateway("shopify_payments", false),
        byGateway("codex pay", false), byGateway("manual", false), byGateway("Paga en casa", false),
        byGateway("Paga en casa", true, own: ["paga en CASA "]),
        byGateway("Paga en casa ya", false, own: ["Paga en casa"]),
        byGateway("Cash on Delivery (COD)", true, own: ["Paga en casa"]),
        byGateway("Barzahlung", true, own: ["x", "barzahlung"]),
    ]

    @Test("cash on delivery goes by many names, and by the shop's own", arguments: gatewayCases)
    func judgesGateway(_ example: Case) { #expect(reason(example) == example.reason) }

    @Test("orders paid in any way are wanted where all are")
    func anyGateway() {
        #expect(reason(Case(name: "", reason: nil, facts: { $0.gateways = ["shopify_payments"] })) == nil)
        #expect(reason(Case(name: "", reason: nil, facts: { $0.gateways = [] })) == nil)
    }

    static func byTotal(_ total: String?, _ least: String?, _ reason: SkipReason?) -> Case {
        Case(
            name: "\(total ?? "unknown") of \(least ?? "any")", reason: reason, settings: { $0.minimumTotal = least },
            facts: { $0.total = total })
    }

    static let totalCases: [Case] = [
        byTotal("50.00", "50", nil), byTotal("50", "50.00", nil), byTotal("49.99", "50", .belowMinimum),
        byTotal("0.30", "0.3", nil), byTotal("0.29", "0.3", .belowMinimum), byTotal("0.1", "0.09", nil),
        byTotal("0.09", "0.1", .belowMinimum), byTotal("9.99", "10", .belowMinimum), byTotal("100", "99.99", nil),
        byTotal("0007.50", "7.5", nil), byTotal("5200", "65000", .belowMinimum), byTotal("0.00", "0.01", .belowMinimum),
        byTotal("0", "0", nil), byTotal("90071992547409930.01", "90071992547409930.02", .belowMinimum),
        byTotal("90071992547409930.02", "90071992547409930.01", nil), byTotal("1", nil, nil),
        // Not known, or nothing we read as an amount: verified.
        byTotal(nil, "50", nil), byTotal("", "50", nil), byTotal("1.2.3", "50", nil), byTotal(".5", "50", nil),
        byTotal("5.", "50", nil), byTotal("-5", "50", nil), byTotal("1e1", "50", nil), byTotal("1,00", "50", nil),
    ]

    @Test("totals are compared exactly; one that is not known is no reason to skip", arguments: totalCases)
    func judgesTotal(_ example: Case) { #expect(reason(example) == example.reason) }

    static func byCountry(_ country: String?, _ wanted: [String]?, _ reason: SkipReason?) -> Case {
        Case(
            name: "to \(country ?? "nowhere")", reason: reason, settings: { $0.shippingCountries = wanted },
            facts: { $0.shippingCountry = country })
    }

    static let countryCases: [Case] = [
        byCountry("DE", nil, nil), byCountry(nil, nil, nil), byCountry("DE", ["AT", "DE"], nil),
        byCountry("de", ["DE"], nil),
        byCountry("FR", ["AT", "DE"], .countryOutOfScope), byCountry(nil, ["DE"], .countryOutOfScope),
    ]

    @Test("an order that goes to none of the countries is skipped", arguments: countryCases)
    func judgesCountry(_ example: Case) { #expect(reason(example) == example.reason) }

    static func byTags(_ tags: [String], only: [String]? = nil, except: [String]? = nil, _ reason: SkipReason?) -> Case
    {
        Case(
            name: "\(tags), only \(only ?? []), except \(except ?? [])", reason: reason,
            settings: {
                $0.onlyTags = only
                $0.exceptTags = except
            }, facts: { $0.tags = tags })
    }

    static let tagsCases: [Case] = [
        byTags([], nil), byTags(["a"], nil), byTags(["High Risk"], only: ["high risk"], nil),
        byTags([" a "], only: ["b", "A"], nil), byTags([], only: ["a"], .tagMissing),
        byTags(["ab"], only: ["a"], .tagMissing),
        byTags(["VIP"], except: ["vip"], .tagExcluded), byTags(["b"], except: ["vip"], nil),
        byTags(["b"], except: [], nil),
        byTags(["a", "vip"], only: ["a"], except: ["vip"], .tagExcluded),
        byTags(["vip"], only: ["a"], except: ["vip"], .tagExcluded),
        byTags(["É"], except: ["é"], .tagExcluded),
    ]

    @Test("tags include and exclude, without regard to case; an excluding one wins", arguments: tagsCases)
    func judgesTags(_ example: Case) { #expect(reason(example) == example.reason) }

    /// Every check fails at first; each step mends one, and the next one's reason shows.
    static let steps: [(SkipReason, @Sendable (inout OrderFacts) -> Void)] = [
        (.testOrder, { $0.isTest = false }), (.alreadyCancelled, { $0.isCancelled = false }),
        (.alreadyFulfilled, { $0.isFulfilled = false }), (.approved, { $0.tags = ["vip"] }),
        (.channel, { $0.channel = "web" }), (.outOfScope, { $0.gateways = ["COD"] }),
        (.belowMinimum, { $0.total = "10" }), (.countryOutOfScope, { $0.shippingCountry = "US" }),
        (.tagExcluded, { $0.tags = [] }), (.tagMissing, { $0.tags = ["verify"] }),
        (.noPhone, { $0.phone = .unusable }), (.phoneUnusable, { $0.phone = .refused }),
        (.numberType, { $0.phone = .usable(country: "FR") }),
        (.countryNotServed, { $0.phone = .usable(country: "US") }),
        (.customerVerified, { _ in }),
    ]

    @Test("the checks come in their order: what the order rules out, what the merchant wants, the number")
    func order() {
        var facts = IntakeTests.facts {
            ($0.isTest, $0.isCancelled, $0.isFulfilled) = (true, true, true)
            $0.tags = ["vip", "otp-approve"]
            ($0.channel, $0.gateways, $0.total, $0.shippingCountry) = ("pos", ["card"], "1", "FR")
            $0.phone = .missing
        }
        var view = IntakeTests.view {
            ($0.orders, $0.minimumTotal, $0.shippingCountries, $0.countries) = (.cod, "5", ["US"], ["US"])
            ($0.exceptTags, $0.onlyTags, $0.skipVerified, $0.dailyCap) = (["vip"], ["verify"], true, 1)
        }
        view.isVerifiedBefore = true
        view.textsToday = 1
        for (reason, mend) in Self.steps {
            #expect(IntakeTests.place(facts, view).effects == [.skip(reason)])
            mend(&facts)
        }
        view.isVerifiedBefore = false
        #expect(IntakeTests.place(facts, view).effects == [.skip(.dailyCap)])
    }

    @Test("a customer verified before is asked again where the shop wants every order verified")
    func verifiedBefore() {
        var view = IntakeTests.view()
        view.isVerifiedBefore = true
        #expect(IntakeTests.place(IntakeTests.facts(), view).effects.first == .request(IntakeTests.id))
    }

    @Test(
        "an order that was skipped stays skipped when it comes to fit the rules; only a usable phone may be added",
        arguments: SkipReason.allCases)
    func staysSkipped(reason: SkipReason) {
        var entry = IntakeTests.entry()
        (entry.verification, entry.skipped, entry.phoneHash) = (nil, reason, nil)
        let view = IntakeTests.view(entry: entry)
        let update = Intake.decide(
            .orderUpdated(IntakeTests.facts { $0.updatedAt = IntakeTests.now }, verification: IntakeTests.id), view,
            now: IntakeTests.now, offset: 9)
        let hadNone = [.noPhone, .phoneUnusable, .numberType].contains(reason)
        #expect(update.effects.contains(.request(IntakeTests.id)) == hadNone)
        let placed = IntakeTests.place(IntakeTests.facts(), view)
        #expect(placed.effects.contains(.request(IntakeTests.id)) == hadNone)
    }

    @Test("a phone added to an order outside the rules starts nothing")
    func addedOutside() {
        let view = IntakeTests.view(entry: Self.noPhone) { $0.minimumTotal = "50" }
        let facts = IntakeTests.facts {
            $0.updatedAt = IntakeTests.now
            $0.total = "9"
        }
        let update = Intake.decide(
            .orderUpdated(facts, verification: IntakeTests.id), view, now: IntakeTests.now, offset: 9)
        #expect(!update.effects.contains(.request(IntakeTests.id)))
        #expect(update.entry?.skipped == .noPhone)
    }

    static let noPhone = IntakeTests.place(IntakeTests.facts { $0.phone = .missing }, IntakeTests.view()).entry

    @Test("the entry of a request keeps the hash of its number, that of a skipped order does not")
    func phoneHash() {
        let facts = IntakeTests.facts { $0.phoneHash = "h" }
        #expect(IntakeTests.place(facts, IntakeTests.view()).entry?.phoneHash == "h")
        #expect(IntakeTests.place(facts, IntakeTests.view { $0.active = false }).entry?.phoneHash == nil)
    }
}
