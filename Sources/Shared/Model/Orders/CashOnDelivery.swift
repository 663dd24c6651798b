/// The names by which gateways of cash on delivery go in the markets where many shoppers pay so.
///
/// A name that contains one of them counts. Case, accents, blanks, punctuation and the width of letters make no
/// difference.
extension OrderFacts {
    /// Whether the shopper pays at the door, by the names gateways go by.
    ///
    /// - Parameter names: whole names of the shop's own gateways.
    func isCashOnDelivery(also names: [String]) -> Bool {
        let names = Set(names.map(GatewayName.init))
        return gateways.contains { gateway in
            let name = GatewayName(gateway)
            return names.contains(name) || name.isCashOnDelivery
        }
    }
}

/// A gateway's name as it is compared.
struct GatewayName: Hashable {
    /// Its letters and digits, folded, as UTF-8 without anything between them.
    let letters: [UInt8]
    /// The same by words.
    private let words: [String]
    /// The words with their accents: `cód` is short for a code.
    private let accented: [String]

    init(_ text: String) {
        var words: [String] = []
        var accented: [String] = []
        var (word, own) = ("", String.UnicodeScalarView())
        func end() {
            if !word.isEmpty {
                words.append(word)
                accented.append(String(own))
            }
            (word, own) = ("", String.UnicodeScalarView())
        }
        for scalar in text.lowercased().unicodeScalars {
            switch NameFolding.fold(scalar) {
            case .letters(let letters):
                word += letters
                own.append(NameFolding.narrow(scalar))
            case .nothing:
                if scalar.properties.generalCategory == .nonspacingMark { own.append(scalar) }
            case .gap: end()
            }
        }
        end()
        self.words = words
        self.accented = accented
        letters = words.flatMap(\.utf8)
    }

    // Blanks make no difference between whole names either.
    static func == (a: GatewayName, b: GatewayName) -> Bool { a.letters == b.letters }
    func hash(into hasher: inout Hasher) { hasher.combine(letters) }

    var isCashOnDelivery: Bool {
        Self.parts.contains(where: has) || words.contains { Self.wholeWords.contains(Self.withoutDigits($0)) }
            || Self.phrases.contains(where: hasPhrase) || words.indices.contains(where: isCod)
    }

    /// Whether the word means cash on delivery and no code, and the words beside it do not deny it.
    private func isCod(at index: Int) -> Bool {
        guard Self.cod.contains(Self.withoutDigits(accented[index])) else { return false }
        let before = index > 0 ? words[index - 1] : nil
        let after = index + 1 < words.count ? words[index + 1] : nil
        return !(before.map(Self.denying.contains) ?? false) && !(after.map(Self.ofCodes.contains) ?? false)
    }

    private func has(_ part: [UInt8]) -> Bool {
        guard let first = part.first, part.count <= letters.count else { return false }
        return (0...(letters.count - part.count)).contains { start in
            letters[start] == first && letters[start..<(start + part.count)].elementsEqual(part)
        }
    }

    private func hasPhrase(_ phrase: [String]) -> Bool {
        guard phrase.count <= words.count else { return false }
        return (0...(words.count - phrase.count)).contains { words[$0..<($0 + phrase.count)].elementsEqual(phrase) }
    }

    /// `cod2` → `cod`
    private static func withoutDigits(_ word: String) -> String {
        String(
            word.unicodeScalars.drop { $0.properties.numericType != nil }.reversed()
                .drop { $0.properties.numericType != nil }.reversed().map(Character.init))
    }

    /// Words that stand inside others which mean something else: `code`, `remboursement`, `後到付款`.
    private static let wholeWords: Set<String> = ["rembours", "pobranie", "후불", "到付"]

    /// With its accents: those of other languages are short for a code.
    private static let cod: Set<String> = ["cod", "ppcod", "codpayment"]
    /// Before it: what is sold is anything but that.
    private static let denying: Set<String> = [
        "non", "no", "not", "without", "sin", "sem", "senza", "sans", "ohne", "fara", "bez",
    ]
    /// After it: a code of bars, of a bank, of a place, of a discount.
    private static let ofCodes: Set<String> = [
        "qr", "de", "barras", "bare", "copia", "postal", "promo", "promotional", "reducere", "fiscal",
    ]

    /// Words that mean it in a row only.
    private static let phrases: [[String]] = ["c o d", "à la livraison", "à cobrança"].map { GatewayName($0).words }

    private static let parts: [[UInt8]] = [
        // English, and what much of Asia and Africa calls it.
        "cash on delivery", "cash upon delivery", "cash at delivery", "cash on receipt", "cash on arrival",
        "cash at the door", "cash at door", "pay on delivery", "pay upon delivery", "pay at delivery",
        "payment on delivery", "payment upon delivery", "payment at delivery", "paid on delivery", "pay at the door",
        "pay on receipt", "pay at your door", "collect on delivery", "card on delivery",
        "upi on delivery",
        // Spanish, Portuguese, Catalan.
        "contra reembolso", "contra entrega", "contra-entrega", "pago al recibir", "paga al recibir",
        "pagar al recibir",
        "pago a la entrega", "pago en la entrega", "pago en entrega", "paga en la entrega",
        "efectivo al recibir", "efectivo en la entrega", "pago al entregar",
        "pagamento na entrega", "pague na entrega", "pagar na entrega", "pagamento à cobrança", "envio à cobrança",
        "contra reemborsament",
        // French.
        "contre remboursement", "paiement à la livraison", "payer à la livraison", "payez à la livraison",
        "paiement en livraison", "règlement à la livraison", "espèces à la livraison", "paiement à la réception",
        "payer à la réception",
        // Italian.
        "contrassegno", "contrasegno", "pagamento alla consegna", "paga alla consegna", "pagamento in consegna",
        "contanti alla consegna", "pagamento al corriere",
        // German, Dutch, Scandinavian, Finnish, Baltic.
        "nachnahme", "zahlung bei lieferung", "barzahlung bei lieferung", "zahlen bei lieferung",
        "bezahlung bei lieferung", "bar bei lieferung", "zahlung an der tür", "onder rembours", "betalen bij levering",
        "betaling bij levering", "betalen bij ontvangst", "betalen aan de deur", "contant bij levering", "postförskott",
        "efterkrav", "postoppkrav", "betaling ved levering", "betal ved levering", "betala vid leverans",
        "betalning vid leverans", "postiennakko", "maksu toimitettaessa", "maksu noudettaessa", "lunamaks",
        "pēcmaksa", "maksāt saņemot", "samaksa saņemot", "apmokėjimas pristačius", "mokėti pristačius",
        "apmokėjimas atsiimant",
        // Slavic languages in Latin letters, Hungarian, Romanian, Albanian.
        "za pobraniem", "za pobranie", "pobraniow", "płatność przy odbiorze", "zapłata przy odbiorze",
        "gotówka przy odbiorze",
        "dobírka", "dobírkou", "dobírku", "dobierka", "dobierkou", "dobierku", "platba při převzetí",
        "platba pri prevzatí", "platba pri doručení", "pouzećem", "pouzeće", "plaćanje po preuzimanju",
        "plaćanje pouzećem", "plaćanje prilikom preuzimanja", "plaćanje kuriru", "po povzetju", "plačilo ob prevzemu",
        "plačilo po povzetju", "utánvét", "utánvéttel", "fizetés átvételkor", "fizetés szállításkor", "ramburs",
        "plata la livrare", "plată la livrare", "plata la curier", "numerar la livrare", "pagesë në dorëzim",
        "paguaj në dorëzim", "pagesa ne dorezim",
        // Cyrillic.
        "наложенный платеж", "наложенным платежом", "наложен платеж", "наложенка", "оплата при получении",
        "оплата при доставке", "оплата курьеру", "наличными при получении", "плащане при доставка",
        "плащане при получаване", "наложений платіж", "післяплата", "післяплатою", "оплата при отриманні",
        "накладений платіж", "поузећем", "плаћање поузећем", "плаќање при достава", "плаќање при испорака",
        // Greek, Turkish, Caucasus, Central Asia.
        "αντικαταβολή", "πληρωμή κατά την παράδοση", "πληρωμή στην παράδοση", "antikatavoli", "kapıda",
        "teslimatta ödeme", "teslimatta öde",
        "ödəniş çatdırılanda", "çatdırılma zamanı ödəniş", "qapıda ödəniş", "გადახდა მიტანისას",
        "yetkazib berilganda",
        "жеткізу кезінде төлеу",
        // Arabic, Persian, Urdu, Hebrew.
        "الدفع عند الاستلام", "الدفع عند التسليم", "الدفع عند التوصيل", "الدفع نقدا عند", "نقدا عند الاستلام",
        "نقداً عند الاستلام", "كاش عند الاستلام", "الدفع حين الاستلام", "دفع عند الاستلام", "پرداخت در محل",
        "تسویه در محل", "پرداخت هنگام تحویل", "پرداخت در زمان تحویل", "کیش آن ڈیلیوری", "کیش آن ڈلیوری",
        "ادائیگی بوقت ترسیل", "תשלום במסירה", "תשלום לשליח", "תשלום בעת המסירה", "מזומן לשליח",
        // South and South-East Asia.
        "कैश ऑन डिलीवरी", "कैश ऑन डिलिवरी", "डिलीवरी पर भुगतान", "ক্যাশ অন ডেলিভারি", "கேஷ் ஆன் டெலிவரி",
        "క్యాష్ ఆన్ డెలివరీ", "ಕ್ಯಾಶ್ ಆನ್ ಡೆಲಿವರಿ", "ക്യാഷ് ഓൺ ഡെലിവറി", "કેશ ઓન ડિલિવરી", "ਕੈਸ਼ ਆਨ ਡਿਲੀਵਰੀ",
        "कॅश ऑन डिलिव्हरी", "क्यास अन डेलिभरी", "thanh toán khi nhận hàng", "thanh toán khi giao hàng",
        "trả tiền khi nhận hàng", "bayar di tempat", "bayar ditempat", "bayar saat terima",
        "bayar ketika terima", "bayaran semasa penghantaran", "bayar semasa terima", "bayad pagdating", "เก็บเงินปลายทาง",
        "ชำระเงินปลายทาง", "จ่ายเงินปลายทาง", "เก็บปลายทาง",
        // East Asia.
        "代金引換", "代金引き換え", "代引き", "代引", "代引手数料", "货到付款", "貨到付款", "貨到收款", "货到收款",
        "착불", "대금상환", "상품수령후결제",
    ].map { GatewayName($0).letters }
}
