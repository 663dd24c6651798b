import Browser

/// A pair of colours on the page that people have to tell apart.
struct Contrast: Sendable, CustomStringConvertible {
    let what: String
    let ratio: Double
    let least: Double

    var description: String { "\(what): \(ratio)" }

    /// Every text that is seen against what is behind it (4.5:1, WCAG 2.2 1.4.3), every control's edge against what is
    /// around it (3:1, 1.4.11), by the colours the browser computed.
    static func all(_ tab: Tab) async throws -> [Contrast] {
        try await tab.value(script).list.compactMap { entry in
            guard let what = entry["what"]?.string, let ratio = entry["ratio"]?.number,
                let least = entry["least"]?.number
            else { return nil }
            return Contrast(what: what, ratio: ratio, least: least)
        }
    }

    private static let script = """
        (() => {
          const parse = (text) => text.match(/[\\d.]+/g).map(Number);
          const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255)
            .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ratio = (a, b) => {
            const [x, y] = [luminance(parse(a)), luminance(parse(b))];
            return Math.round(100 * (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)) / 100;
          };
          const behind = (element) => {
            for (let e = element; e; e = e.parentElement) {
              const colour = getComputedStyle(e).backgroundColor;
              if ((parse(colour)[3] ?? 1) === 1) return colour;
            }
            return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(0,0,0)' : 'rgb(255,255,255)';
          };
          const found = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            const text = walker.currentNode.textContent.trim();
            if (!text || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
            const style = getComputedStyle(element);
            found.push({ what: text.slice(0, 40), ratio: ratio(style.color, behind(element)), least: 4.5 });
          }
          for (const control of document.querySelectorAll('input, button')) {
            const style = getComputedStyle(control);
            const name = control.id || control.textContent;
            if (control.tagName === 'INPUT') {
              found.push({ what: name + ' text', ratio: ratio(style.color, behind(control)), least: 4.5 });
            }
            found.push({ what: name + ' edge', ratio: ratio(style.borderTopColor, behind(control.parentElement)), least: 3 });
            if (style.outlineStyle !== 'none') {
              found.push({ what: name + ' focus', ratio: ratio(style.outlineColor, behind(control.parentElement)), least: 3 });
            }
          }
          return found;
        })()
        """
}
