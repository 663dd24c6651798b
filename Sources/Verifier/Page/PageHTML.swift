import Model
import Texts

/// The page as HTML: its state in a language, in a shop's looks. Everything it shows of anybody goes through `Markup`.
struct PageHTML {
    let state: PageState
    let language: PageLanguage
    let look: ShopLook
    /// Of the page itself; nil where its token was refused.
    let path: String?
    /// What stands before our addresses.
    let prefix: String
    let nonce: String

    /// The shop's name as the page says it; nil where no shop is known, or nothing of its name is shown.
    private var shop: String? {
        state.answer?.shop.map { look.name(domain: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The order's name as its text has it; nil where nothing of it is shown.
    private var order: Markup? {
        answer?.orderName.map(ShownName.order).flatMap { $0.isEmpty ? nil : row(.order, "<bdi>\($0)</bdi>") }
    }

    private var answer: Answer? { state.answer }

    var document: Markup {
        let accent = look.accent ?? .standard
        let icon = logoPath.map { Markup("\($0)") } ?? "data:,"
        return """
            <!doctype html>
            <html lang="\(language.code)" dir="\(language.direction)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <meta name="format-detection" content="telephone=no">
            <title>\(title)</title>
            <link rel="icon" href="\(icon)">
            <style nonce="\(nonce)">\(Self.style)\(Markup(raw: accent.css))</style>
            </head>
            <body>
            <div class="page" data-path="\(path ?? "")" data-units="\(language.unitsAsJSON)" \
            data-less="\(language[.lessThanAMinute])">
            \(header)<main>
            \(state.isOpen ? open : end)</main>
            \(footer)</div>
            \(path == nil ? .empty : scripts)\
            </body>
            </html>
            """
    }

    private var scripts: Markup { "<script nonce=\"\(nonce)\">\(Self.script)</script>\n" }

    // MARK: Around it

    /// The state first: it is what a screen reader says when the page has come.
    private var title: String {
        let isWrong = state.isOpen && state.notice?.tone == .bad
        let words = (isWrong ? "\(language[.error]): " : "") + language[state.notice?.text ?? .confirm]
        return shop.map { "\(words) – \($0)" } ?? words
    }

    private var logoPath: String? { look.logo.map { "\(prefix)/v/logo/\($0.hash)" } }

    private var header: Markup {
        guard let shop else { return .empty }
        let image = logoPath.map { Markup("<img src=\"\($0)\" alt=\"\">") } ?? .empty
        return "<header>\(image)<span><bdi>\(shop)</bdi></span></header>\n"
    }

    private var footer: Markup {
        guard state.showsField, let tip = sentence(.tip) else { return .empty }
        return "<footer>\(tip)</footer>\n"
    }

    // MARK: While it is open

    private var open: Markup {
        "<h1>\(language[.confirm])</h1>\n\(lead)\(notice)\(codeForm)\(facts)\(resendForm)"
    }

    private var lead: Markup {
        guard state.showsField, let sentence = sentence(answer?.expiresAt == nil ? .sending : .sent) else {
            return .empty
        }
        return "<p class=\"lead\" id=\"lead\">\(sentence)</p>\n"
    }

    private var notice: Markup {
        guard let notice = state.notice else { return .empty }
        let role = notice.tone == .bad ? "alert" : "status"
        return """
            <div class="notice \(notice.tone.rawValue)" id="notice" role="\(role)">\
            <strong>\(sentence(notice.text) ?? .empty)</strong> \(help(notice))</div>

            """
    }

    private var codeForm: Markup {
        guard state.showsField, let path else { return .empty }
        let described = [lead == .empty ? nil : "lead", state.notice == nil ? nil : "notice"].compactMap { $0 }
        let invalid: Markup = state.notice?.isAboutCode == true ? " aria-invalid=\"true\"" : .empty
        let digits = answer?.codeLength.map { "\($0)" } ?? "4,10"
        let shape = sentence(.codeShape) ?? Markup(text: language[.codeLabel])
        return """
            <form class="code" method="post" action="\(path)">
            <label for="code">\(language[.codeLabel])</label>
            <input id="code" name="code" type="text" dir="ltr" inputmode="numeric" autocomplete="one-time-code" \
            autocapitalize="off" spellcheck="false" enterkeyhint="done" required autofocus \
            pattern="\(Self.pattern(digits))" title="\(shape)" \
            aria-describedby="\(described.joined(separator: " "))"\(invalid)>
            <button>\(language[.submit])</button>
            </form>

            """
    }

    /// So many digits of any script, with whatever people or clipboards put between them; `CodeInput` has the last
    /// word.
    private static func pattern(_ count: String) -> String {
        let between = #"[^\p{L}\p{N}]*"#
        return #"\#(between)([\p{Nd}\p{No}]\#(between)){\#(count)}"#
    }

    private var facts: Markup {
        let rows = [
            order,
            state.secondsLeft.map { row(.timeLeft, running($0)) },
            state.codeSecondsLeft.map { row(.codeLeft, running($0)) },
            state.attemptsLeft.map { row(.attemptsLeft, "\($0)") },
        ].compactMap { $0 }
        return rows.isEmpty ? .empty : "<dl>\n\(Markup(raw: rows.map(\.html).joined()))</dl>\n"
    }

    private func row(_ term: PageWord, _ value: Markup) -> Markup {
        "<div><dt>\(language[term])</dt><dd>\(value)</dd></div>\n"
    }

    private func running(_ seconds: Int) -> Markup {
        "<span data-left=\"\(seconds)\">\(language.duration(seconds: seconds))</span>"
    }

    private var resendForm: Markup {
        guard state.showsResend, let path else { return .empty }
        guard answer?.resendsLeft != 0 else {
            guard state.notice?.text != .noMoreTexts else { return .empty }
            let help = [sentence(.noMoreTexts), sentence(.limitHelp)].compactMap { $0?.html }
            return "<section class=\"lead\"><p>\(Markup(raw: help.joined(separator: " ")))</p></section>\n"
        }
        let wait = state.waitSeconds
        // Where the code is over it is a new one that comes.
        let (now, later) = state.showsField ? (PageWord.resend, PageWord.resendIn) : (.sendNew, .sendNewIn)
        let duration = language.duration(seconds: wait, isWait: true)
        let text = wait > 0 ? language[later].replacing("{time}", with: duration) : language[now]
        let classes = [state.showsField ? "quiet" : nil, wait > 0 ? "wait" : nil].compactMap { $0 }
        return """
            <section>
            \(state.showsField ? "<h2>\(language[.noText])</h2>\n" : Markup.empty)\
            <form class="\(classes.joined(separator: " "))" method="post" action="\(path)/resend">\
            <button data-wait="\(wait)" data-now="\(language[now])" data-later="\(language[later])">\(text)</button></form>
            </section>

            """
    }

    // MARK: When it is over

    private var end: Markup {
        guard let notice = state.notice else { return .empty }
        return """
            <div class="end \(notice.tone.rawValue)" role="\(notice.tone == .bad ? "alert" : "status")">
            \(PageIcon.of(notice.text))<h1>\(sentence(notice.text) ?? .empty)</h1>
            <p class="lead">\(help(notice))</p>
            </div>
            \(order.map { "<dl>\($0)</dl>\n" } ?? .empty)
            """
    }

    // MARK: Words

    private func help(_ notice: PageState.Notice) -> Markup {
        Markup(raw: notice.help.compactMap { sentence($0)?.html }.joined(separator: " "))
    }

    /// The words with their variables put in; nil where one of them is not known.
    private func sentence(_ word: PageWord) -> Markup? {
        var html = Markup(text: language[word]).html
        let values: [(name: String, value: Markup?)] = [
            ("{shop}", shop.map { "<bdi>\($0)</bdi>" } ?? answer?.shop.map { _ in Markup(text: language[.theShop]) }),
            ("{phone}", answer?.phoneMask.map { "<bdi class=\"phone\" dir=\"ltr\">\($0)</bdi>" }),
            ("{digits}", answer?.codeLength.map { "\($0)" }),
        ]
        for (name, value) in values where html.contains(name) {
            guard let value else { return nil }
            html = html.replacing(name, with: value.html)
        }
        return Markup(raw: html)
    }

    private static let style = Markup(raw: String(decoding: PackageResources.page_css, as: UTF8.self))
    private static let script = Markup(raw: String(decoding: PackageResources.page_js, as: UTF8.self))
}

extension PageState {
    /// Whether there is something for the shopper to do here.
    var isOpen: Bool { answer?.status == .pending || showsField }
}
