import Base
import HTTP
import Model
import Security

/// The few pages of the installation: plain, without anything of the shop's people, each with the policy of who may
/// frame it.
struct InstallPage {
    let title: String
    /// HTML.
    let body: String
    /// App Bridge, for a page inside the admin; `nil` outside, where it would leave the page.
    var clientId: String?
    /// JavaScript that runs at the end; only ever our own text.
    var script: String?

    /// The first script of every page inside the admin (App Store requirement 2.2.3).
    private static let appBridge = "https://cdn.shopify.com/shopifycloud/app-bridge.js"

    /// - Parameter framedBy: the shop whose admin shows it; nil where nobody may.
    func response(_ status: Int = 200, framedBy shop: String?) -> HTTPResponse {
        let ancestors = shop.map { "https://\($0) https://admin.shopify.com" } ?? "'none'"
        let nonce = Base64URL.encode(randomBytes(16))
        // What App Bridge loads and calls; a page outside the admin has none.
        let (cdn, bridge) =
            clientId == nil
            ? ("", "")
            : (" https://cdn.shopify.com", "connect-src 'self' https:; img-src https: data:; frame-src https:; ")
        let policy =
            "default-src 'none'; script-src 'nonce-\(nonce)'\(cdn); style-src 'nonce-\(nonce)'\(cdn); \(bridge)"
            + "form-action 'none'; frame-ancestors \(ancestors); base-uri 'none'; object-src 'none'"
        return HTTPResponse.html(html(nonce), status: status)
            .with("Content-Security-Policy", policy)
            .with("Cache-Control", "no-store").with("Referrer-Policy", "no-referrer")
            .with("X-Content-Type-Options", "nosniff")
    }

    /// - Parameter nonce: what our own script and style are let in by.
    private func html(_ nonce: String) -> String {
        let bridge = clientId.map { id in
            #"<meta name="shopify-api-key" content="\#(HTMLText.escape(id))"><script src="\#(Self.appBridge)"></script>"#
        }
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">\(bridge ?? "")
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTMLText.escape(title))</title>
            <style nonce="\(nonce)">
            body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:40rem;padding:0 1rem}
            </style>
            </head>
            <body>
            <main>
            <h1>\(HTMLText.escape(title))</h1>
            \(body)
            </main>\(script.map { "\n<script nonce=\"\(nonce)\">\($0)</script>" } ?? "")
            </body>
            </html>

            """
    }
}

extension InstallPage {
    /// - Parameter mayCancel: `OTP_CANCEL`.
    static func installed(_ shop: String, _ settings: ShopSettings, mayCancel: Bool) -> InstallPage {
        let which = settings.orders == .cod ? "order that is paid at the door" : "order"
        let end =
            settings.cancelOnTimeout && mayCancel
            ? "is cancelled and gets the tag <code>otp-cancelled</code>"
            : "gets the tag <code>otp-unverified</code>, for you to look at"
        let minutes = settings.timerSeconds / 60
        let words =
            settings.active
            ? """
            <p>From now on every new \(which) whose phone number can get a text is verified: your customer is sent a code
            and enters it on our page.</p>
            <ul>
            <li>An order that is verified gets the tag <code>otp-verified</code>.</li>
            <li>One that is not within \(minutes) minutes \(end).</li>
            <li>To let an order through yourself, give it the tag <code>otp-approve</code> or fulfil it.</li>
            </ul>
            """
            : "<p>Verification is switched off: no order is touched.</p>"
        return InstallPage(
            title: "OTP Guard is installed",
            body: "<p><strong>\(HTMLText.escape(shop))</strong> is connected.</p>\n\(words)")
    }

    static func problem(_ problem: InstallProblem) -> InstallPage {
        InstallPage(title: "That did not work", body: #"<p id="m">\#(HTMLText.escape(problem.detail))</p>"#)
    }
}
