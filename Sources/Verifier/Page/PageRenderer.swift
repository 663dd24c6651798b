import HTTP
import Model
import Security

/// The shopper's page: one field, one button, plain words; works without scripts and loads nothing from anywhere.
struct PageRenderer: Renderer {
    let clock: @Sendable () -> Int64

    func render(
        _ outcome: Door.Outcome, token: LinkToken?, place: Door.Place, request: HTTPRequest
    ) -> HTTPResponse {
        let nonce = randomBytes(12).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
        let page = Page(outcome: outcome, token: token, prefix: place.prefix)
        var response = HTTPResponse.html(page.html(nonce: nonce), status: page.httpStatus)
        let policy = [
            "default-src 'none'", "style-src 'nonce-\(nonce)'", "form-action 'self'", "frame-ancestors 'none'",
            "base-uri 'none'",
        ]
        response.headers.set("Content-Security-Policy", policy.joined(separator: "; "))
        response.headers.set("Cache-Control", "no-store")
        response.headers.set("Referrer-Policy", "same-origin")
        response.headers.set("X-Content-Type-Options", "nosniff")
        if let seconds = page.retryAfterSeconds { response.headers.set("Retry-After", String(seconds)) }
        return response
    }
}

/// What the page says for each outcome.
struct Page {
    var httpStatus = 200
    var retryAfterSeconds: Int?
    private var title = "Confirm your order"
    private var message: (text: String, isError: Bool)?
    private var answer: Answer?
    private var showsForm = false
    private var path: String?

    init(outcome: Door.Outcome, token: LinkToken?, prefix: String) {
        path = token.map { "\(prefix)/v/\($0.text)" }
        switch outcome {
        case .answered(let answer):
            self.answer = answer
            describe(answer)
        case .badCode(let problem):
            httpStatus = 400
            showsForm = true
            message = ("\(problem.words) This was not counted.", true)
        case .foreignOrigin:
            httpStatus = 403
            message = ("This was sent by another site's page. Open the link from the text message.", true)
        case .busy(let seconds):
            httpStatus = 429
            retryAfterSeconds = seconds
            showsForm = token != nil
            message = ("That was too quick. Wait a moment and try again; nothing was counted.", true)
        case .unavailable:
            httpStatus = 503
            retryAfterSeconds = 2
            showsForm = token != nil
            message = ("We could not check that just now. Please send it again; nothing is counted twice.", true)
        }
    }

    private mutating func describe(_ answer: Answer) {
        httpStatus = answer.kind == .unknown ? 404 : answer.kind == .wrongLength ? 400 : 200
        showsForm = answer.status == .pending
        switch answer.kind {
        case .seen:
            describeStatus(answer)
        case .verified:
            describeStatus(answer)
        case .mismatch:
            message = ("That code is not right.", true)
        case .wrongLength:
            message = ("The code has \(answer.codeLength ?? 6) digits. This was not counted.", true)
        case .codeExpired:
            message = ("That code is no longer valid. Ask for a new one below.", true)
        case .locked:
            message = ("Too many wrong codes. Please wait until this code has run out, then ask for a new one.", true)
        case .closed:
            describeStatus(answer)
        case .unknown:
            title = "Nothing to confirm here"
            message = ("This link is not valid. Open it again from the text message.", true)
        case .resendAsked:
            message = ("Another text is on its way.", false)
        case .resendTooSoon:
            message = ("The last text is still fresh. Please wait a little before asking for another.", true)
        case .resendLimitReached:
            message = ("We can't send any more texts for this order.", true)
        case .unavailable:
            message = ("We could not check that just now. Please send it again; it was not counted.", true)
        }
    }

    private mutating func describeStatus(_ answer: Answer) {
        switch answer.status {
        case .pending, nil:
            break
        case .verified:
            title = "Thank you, your order is confirmed"
            message = ("There is nothing else to do.", false)
        case .expired:
            title = "The time to confirm is over"
            message = ("Please contact the shop if you still want this order.", true)
        case .cancelled:
            title = "This order was cancelled"
            message = ("Please contact the shop if this surprises you.", true)
        }
    }
}

extension Page {
    func html(nonce: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>\(escape(title))</title>
        <style nonce="\(nonce)">\(Self.style)</style>
        </head>
        <body>
        <main>
        <h1>\(escape(title))</h1>
        \(about)\(announcement)\(form)
        </main>
        </body>
        </html>
        """
    }

    private var about: String {
        guard let answer, let shop = answer.shop else { return "" }
        let order = answer.orderName.map { " \($0)" } ?? ""
        let phone = answer.phoneMask.map { ", text sent to <bdi>\(escape($0))</bdi>" } ?? ""
        return "<p class=\"about\">Order\(escape(order)) at \(escape(shop))\(showsForm ? phone : "")</p>\n"
    }

    private var announcement: String {
        guard let message else { return "" }
        return
            "<p id=\"message\" class=\"\(message.isError ? "error" : "good")\" role=\"\(message.isError ? "alert" : "status")\">"
            + "\(escape(message.text))</p>\n"
    }

    private var form: String {
        guard showsForm, let path else { return "" }
        let left = answer?.attemptsLeft.map { "<p class=\"hint\">\($0) attempts left</p>" } ?? ""
        let described = message == nil ? "" : " aria-describedby=\"message\""
        return """
            <form method="post" action="\(path)">
            <label for="code">Code from the text message</label>
            <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="32" required autofocus\(described)>
            <button>Confirm</button>
            </form>
            \(left)
            <form method="post" action="\(path)/resend"><button class="quiet">Send it again</button></form>
            """
    }

    private func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    private static let style = """
        :root{color-scheme:light dark;--ink:#17202a;--paper:#fff;--soft:#566573;--accent:#0b5cad;--bad:#a61b1b;--good:#146c2e}
        @media(prefers-color-scheme:dark){:root{--ink:#f2f4f5;--paper:#14181c;--soft:#aab4bd;--accent:#7ab8ff;--bad:#ff9c9c;--good:#7fdc9a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
        main{max-width:26rem;margin:0 auto;padding:2rem 1.25rem}
        h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}
        .about,.hint{color:var(--soft)}
        .error{color:var(--bad);font-weight:600}
        .good{color:var(--good);font-weight:600}
        label{display:block;font-weight:600;margin:1.25rem 0 .375rem}
        input{width:100%;font:inherit;font-size:1.5rem;letter-spacing:.2em;padding:.625rem .75rem;border:2px solid var(--soft);border-radius:.5rem;background:transparent;color:inherit}
        button{width:100%;margin-top:.75rem;font:inherit;font-weight:600;padding:.75rem;border:2px solid var(--accent);border-radius:.5rem;background:var(--accent);color:var(--paper);cursor:pointer}
        button.quiet{background:transparent;color:var(--accent)}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        """
}

extension CodeInput.Problem {
    fileprivate var words: String {
        switch self {
        case .empty: "Type the code from the text message."
        case .notDigits: "The code has digits only."
        case .tooShort: "That is too short for a code."
        case .tooLong: "That is too long for a code."
        }
    }
}
