/// The words that stop texts and let them come again, in the languages that people answer in. Compared without case and
/// without accents, as they are typed on a phone.
enum OptOutWords {
    /// What a whole text says: a word alone, or one of two words, whatever punctuation stands around it. `Stop.`,
    /// `"STOP"`, `OPT OUT`, `BẮT ĐẦU`. Nil for any other text.
    static func wish(ofText text: String) -> TwilioInbound.Wish? {
        let start = text.drop { isAround($0) }
        guard let last = start.lastIndex(where: { !isAround($0) }) else { return nil }
        let words = start[...last].split(whereSeparator: \.isWhitespace)
        return words.count <= 2 ? wish(words.joined()) : nil
    }

    private static func isAround(_ character: Character) -> Bool {
        character.isWhitespace || character.isPunctuation || character.isSymbol
    }

    /// Nil for any other word.
    static func wish(_ word: String) -> TwilioInbound.Wish? {
        let word = folded(word)
        if stops.contains(word) { return .stop }
        return starts.contains(word) ? .start : nil
    }

    static let stopWords: [String: String] = [
        "ar": "توقف أوقف إيقاف قف الغاء إلغاء",
        "bg": "СТОП СПРИ",
        "bn": "বন্ধ থামুন",
        "ca": "ATURA BAIXA",
        "cs": "ZASTAVIT UKONČIT ODHLÁSIT",
        "da": "STANDS AFMELD AFSLUT",
        "de": "STOPP STOPPEN ABMELDEN ABBESTELLEN AUFHÖREN BEENDEN",
        "el": "ΣΤΟΠ ΔΙΑΚΟΠΗ ΤΕΛΟΣ",
        "en": "STOP UNSUBSCRIBE END QUIT STOPALL REVOKE OPTOUT OPT-OUT CANCEL",
        "es": "ALTO PARAR PARE PARA BAJA DETENER CANCELAR TERMINAR SALIR ANULAR DESUSCRIBIR",
        "et": "STOPP LÕPETA",
        "fi": "SEIS LOPETA POISTU",
        "fil": "HINTO TIGIL ITIGIL",
        "fr": "ARRET ARRÊTER ARRÊTE ARRÊTEZ ARRETT STOPPER DÉSABONNER DÉSINSCRIRE DÉSINSCRIPTION ANNULER",
        "he": "עצור הפסק הסר הסרה",
        "hi": "रोकें रोको बंद",
        "hr": "ODJAVA ZAUSTAVI PRESTANI",
        "ht": "SISPANN KANPE",
        "hu": "LEÁLLÍT LEIRATKOZÁS ÁLLJ",
        "id": "BERHENTI HENTIKAN",
        "it": "FERMA FERMARE BASTA ANNULLA DISISCRIVI CANCELLA",
        "ja": "停止 ストップ 中止 解除 配信停止",
        "ko": "중지 정지 중단 수신거부 취소",
        "lt": "STABDYTI",
        "lv": "APTURĒT BEIGT",
        "ms": "BERHENTI HENTI",
        "nl": "STOPPEN AFMELDEN UITSCHRIJVEN BEËINDIGEN",
        "no": "STOPP AVSLUTT AVMELD",
        "pl": "ZATRZYMAJ REZYGNUJĘ REZYGNACJA WYPISZ KONIEC",
        "pt": "PARAR PARE SAIR CANCELAR REMOVER DESCADASTRAR TERMINAR",
        "ro": "OPREȘTE OPRIRE DEZABONARE ANULARE",
        "ru": "СТОП ОТПИСАТЬСЯ ОТПИСКА ОТМЕНА",
        "sk": "ZASTAVIŤ ODHLÁSIŤ",
        "sl": "USTAVI ODJAVA",
        "sr": "СТОП ОДЈАВА",
        "sv": "STOPP STOPPA AVSLUTA AVREGISTRERA",
        "th": "หยุด ยกเลิก",
        "tr": "DUR DURDUR İPTAL RET",
        "uk": "СТОП ВІДПИСАТИСЯ СКАСУВАТИ",
        "ur": "روکیں بند",
        "vi": "DỪNG NGỪNG HỦY",
        "zh": "停止 退订 退訂 取消 取消订阅",
    ]

    /// Without words for "yes" but Twilio's own: who is asked whether an order is theirs says that as well.
    static let startWords: [String: String] = [
        "ar": "ابدأ بدء",
        "da": "BEGYND",
        "de": "STARTEN ANMELDEN",
        "el": "ΕΝΑΡΞΗ",
        "en": "START YES UNSTOP",
        "es": "INICIAR COMENZAR EMPEZAR ALTA REANUDAR",
        "fi": "ALOITA",
        "fr": "COMMENCER DÉMARRER REPRENDRE",
        "he": "התחל",
        "hi": "शुरू",
        "hu": "INDÍTÁS",
        "id": "MULAI",
        "it": "INIZIA INIZIARE",
        "ja": "開始 再開 スタート",
        "ko": "시작",
        "nl": "STARTEN AANMELDEN",
        "pl": "ROZPOCZNIJ",
        "pt": "INICIAR COMEÇAR RETOMAR",
        "ro": "ÎNCEPE",
        "ru": "СТАРТ НАЧАТЬ",
        "sv": "STARTA BÖRJA",
        "th": "เริ่ม",
        "tr": "BAŞLA BAŞLAT",
        "uk": "СТАРТ ПОЧАТИ",
        "vi": "BẮTĐẦU",
        "zh": "开始 開始",
    ]

    private static let stops = all(stopWords)
    private static let starts = all(startWords)

    private static func all(_ words: [String: String]) -> Set<String> {
        Set(words.values.flatMap { $0.split(separator: " ") }.map { folded(String($0)) })
    }

    /// Upper case, letters with accents as those without.
    static func folded(_ word: String) -> String {
        var text = ""
        for letter in word.uppercased() {
            if let plain = plainLetters[letter] {
                text.append(plain)
            } else {
                // Accents that stand as characters of their own; other scripts' vowel signs are letters.
                let scalars = letter.unicodeScalars.filter { !(0x300...0x36F).contains($0.value) }
                text.unicodeScalars.append(contentsOf: scalars)
            }
        }
        return text
    }

    private static let plainLetters: [Character: Character] = {
        let groups: [Character: String] = [
            "A": "ÀÁÂÃÄÅĀĂĄẠẢẤẦẨẪẬẮẰẲẴẶ", "C": "ÇĆČĈĊ", "D": "ĎĐ", "E": "ÈÉÊËĒĔĖĘĚẸẺẼẾỀỂỄỆ", "G": "ĞĜĠĢ", "H": "ĤĦ",
            "I": "ÌÍÎÏĨĪĬĮİỈỊ", "J": "Ĵ", "K": "Ķ", "L": "ŁĹĻĽ", "N": "ÑŃŅŇ", "O": "ÒÓÔÕÖØŌŎŐỌỎỐỒỔỖỘƠỚỜỞỠỢ", "R": "ŔŖŘ",
            "S": "ŚŜŞŠȘ", "T": "ŢŤȚ", "U": "ÙÚÛÜŨŪŬŮŰŲỤỦƯỨỪỬỮỰ", "W": "Ŵ", "Y": "ÝŸŶỲỴỶỸ", "Z": "ŹŻŽ",
            "ا": "أإآ", "Α": "Ά", "Ε": "Έ", "Η": "Ή", "Ι": "ΊΪ", "Ο": "Ό", "Υ": "ΎΫ", "Ω": "Ώ",
        ]
        var letters: [Character: Character] = [:]
        for (plain, accented) in groups {
            for letter in accented { letters[letter] = plain }
        }
        return letters
    }()
}
