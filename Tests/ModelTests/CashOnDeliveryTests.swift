@testable import Model
import Testing

@Suite("Cash on delivery by its names")
struct CashOnDeliveryTests {
    private func isDoor(_ name: String) -> Bool {
        IntakeTests.facts { $0.gateways = [name] }.isCashOnDelivery(also: [])
    }

    @Test(
        "the names of the large markets count, however they are written",
        arguments: [
            "Cash on Delivery (COD)", "CashOnDelivery", "cash_on_delivery", "COD1", "C.O.D.", "COD/PTT", "Contrassegno",
            "Pagamento in contrassegno", "CONTRASSEGNO", "Kapıda ödeme", "KAPIDA ÖDEME", "KAPİDA ÖDEME", "kapida odeme",
            "Ramburs", "Plata ramburs la curier", "Dobírka", "dobi\u{301}rka", "Platba na dobírku", "DOBIERKA",
            "Contra entrega", "Pago contra-entrega", "ContraEntrega", "Contrareembolso", "Contra Reembolso",
            "Nachnahme", "DHL-Nachnahme", "Onder rembours", "Rembours", "Pobranie", "Za pobraniem", "Utánvét",
            "Utánvétes fizetés", "Наложенный платёж", "НАЛОЖЕННЫЙ ПЛАТЕЖ", "Наложен платеж", "Післяплата", "Pouzećem",
            "Plaćanje pouzećem", "Po povzetju", "Αντικαταβολή", "ΑΝΤΙΚΑΤΑΒΟΛΗ", "Postiennakko", "Postförskott",
            "Efterkrav", "الدفع عند الاستلام", "الدَّفع عند الإستلام", "کیش آن ڈیلیوری", "كيش آن ڈيليوري",
            "تسویه در محل", "Thanh toán khi nhận hàng", "THANH TOAN KHI NHAN HANG", "Bayar di tempat (COD)",
            "เก็บเงินปลายทาง", "代金引換", "代引き", "代引き（手数料込）", "ＣＯＤ", "货到付款", "貨到付款", "후불", "착불",
            "कैश ऑन डिलीवरी", "Paiement à la livraison", "Contre-remboursement", "Espèces à la livraison",
            "ppcod", "codpayment", "cod_payment", "Pagar al recibir", "COD (no fees)",
        ])
    func counts(name: String) { #expect(isDoor(name)) }

    @Test(
        "short words inside others, and what is paid otherwise, do not",
        arguments: [
            "shopify_payments", "manual", "codex pay", "Promo code", "codice sconto", "Kodiak", "Encode", "decode",
            "PayPal", "Klarna", "Remboursement", "Bank transfer", "네이버페이 후불결제", "Para cobrança bancária", "",
            "Paga en casa", "Barzahlung", "COCOD", "crédito",
            "Boleto (cód. de barras)", "Pix – cód. copia e cola", "Pix co\u{301}d.", "Plată cu cod QR",
            "Card (non-COD)", "Prepaid, no COD", "Cod postal", "Cod de barras", "not COD", "without COD",
        ])
    func doesNot(name: String) { #expect(!isDoor(name)) }

    @Test("a shop's own names are compared as a whole, without case, accents and blanks")
    func own() {
        let facts = IntakeTests.facts { $0.gateways = ["Págame  en-casa"] }
        #expect(facts.isCashOnDelivery(also: ["pagame EN casa"]))
        #expect(!facts.isCashOnDelivery(also: ["pagame"]))
    }

    static func shop(_ change: (inout ShopSettings) -> Void = { _ in }) -> ShopRecord {
        IntakeTests.view {
            $0.orders = .cod
            change(&$0)
        }.shop.unsafelyUnwrapped
    }

    static func passing(_ shop: ShopRecord, _ names: [String], _ payment: OrderFacts.Payment = .due) -> ShopRecord? {
        shop.passing(
            IntakeTests.facts {
                $0.gateways = names
                $0.payment = payment
            }, offset: 9)
    }

    @Test("names passed over are counted, once whatever their spelling, until the merchant has named them")
    func passedOver() throws {
        let first = try #require(Self.passing(Self.shop(), ["Paga en casa"]))
        let second = try #require(Self.passing(first, ["PAGA EN CASA", "Otra"]))
        #expect(
            second.gatewaysToAskAbout == [.init(name: "Paga en casa", orders: 2), .init(name: "Otra", orders: 1)])
        var named = second
        named.installation?.settings.codGateways = ["paga en casa"]
        #expect(named.gatewaysToAskAbout == [.init(name: "Otra", orders: 1)])
    }

    @Test("orders that were paid, shops that verify all, and what may name a person are not counted")
    func notCounted() {
        #expect(Self.passing(Self.shop(), ["card"], .paid) == nil)
        #expect(Self.passing(Self.shop(), ["card"], .authorized) == nil)
        #expect(Self.passing(Self.shop { $0.orders = .all }, ["Otra"]) == nil)
        for name in ["max@example.com", "Tel 0664 1234567", "", "12", "  "] {
            #expect(Self.passing(Self.shop(), [name]) == nil)
        }
    }

    @Test("names and counts are bounded")
    func bounded() throws {
        var shop = Self.shop()
        for letter in "abcdefghijklmnopqrstuvwxyz" {
            shop = Self.passing(shop, [String(repeating: letter, count: 90)]) ?? shop
        }
        #expect(shop.passedGateways?.count == PassedGateway.mostNames)
        #expect(shop.passedGateways?.allSatisfy { $0.name.count == PassedGateway.longestName } == true)
        shop.passedGateways = [.init(name: "Otra", orders: PassedGateway.most)]
        #expect(Self.passing(shop, ["Otra"]) == nil)
    }
}
