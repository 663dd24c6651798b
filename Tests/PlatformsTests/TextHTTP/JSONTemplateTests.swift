import Base
import Foundation
import Testing

@testable import Platforms

@Suite("JSON templates")
struct JSONTemplateTests {
    @Test(
        "no text breaks out of its string, or is looked through for variables",
        arguments: [
            #"say "hi""#, #"back\slash"#, #"\" , "to": "+0"#, "line\nline\r\ttab\u{0}\u{1F}", "\u{2028}\u{2029}",
            "👩‍👩‍👧 é ﷺ",
            #""}, {"x": "y"#, "{{to}} {{id}}", "</script>", "{{text}}",
        ])
    func noEscape(_ text: String) throws {
        let template = JSONTemplate(
            tree: try #require(
                JSONTree(
                    parsing: Array(
                        #"{"to":"{{to}}","list":[{"m":"<{{ text }}>{{id}}"}],"n":1,"{{to}}":"{ {{digits}} }"}"#.utf8))))
        #expect(template.problems.isEmpty)
        let message = TextMessage(to: "+14155550123", body: text, validitySeconds: 1, reference: "r-1")
        let bytes = template.filled(message).bytes
        let read = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(Set(read.keys) == ["to", "list", "n", "{{to}}"])
        #expect(read["to"] as? String == "+14155550123")
        let list = try #require(read["list"] as? [[String: String]])
        #expect(Array(try #require(list[0]["m"]).unicodeScalars) == Array("<\(text)>r-1".unicodeScalars))
        #expect(list.count == 1)
        #expect(list[0].count == 1)
        #expect(read["{{to}}"] as? String == "{ 14155550123 }")
    }

    @Test(
        "a template needs the number and the text, and knows no other variables",
        arguments: [
            (#"{"a":"{{text}}"}"#, ["{{to}} is missing"]), (#"["{{to}}"]"#, ["{{text}} is missing"]),
            (#"["{{to}} {{text}} {{code}}", "{{}}"]"#, ["{{}} is not known", "{{code}} is not known"]),
            (#"["{{digits}}", {"b":"{{text}}"}]"#, []), ("null", ["{{text}} is missing", "{{to}} is missing"]),
        ])
    func problems(_ text: String, _ problems: [String]) throws {
        let tree = try #require(JSONTree(parsing: Array(text.utf8)))
        #expect(JSONTemplate(tree: tree).problems == problems)
    }
}
