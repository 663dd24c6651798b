import Base
import Security
import Testing

@testable import Platforms

@Suite("An HTTP provider as the operator describes it")
struct HTTPTextConfigurationTests {
    /// A valid description with these members instead.
    static func read(
        _ changes: String = "{}", file: (String) -> [UInt8]? = { _ in nil }
    ) throws -> HTTPTextConfiguration {
        let whole = """
            {"name": "acme", "type": "http", "url": "https://api.example.com/v1/sms",
             "headers": {"Authorization": "Bearer s3cret"}, "body": {"to": "{{to}}", "message": "{{text}}", "ref": "{{id}}"},
             "success": {"status": [200, 201, 202], "pointer": "/status", "equals": ["ok", "queued"]},
             "messageId": "/id", "timeoutSeconds": 10}
            """
        guard case .object(var members)? = JSONTree(parsing: Array(whole.utf8)),
            case .object(let others)? = JSONTree(parsing: Array(changes.utf8))
        else { throw HTTPTextConfiguration.Problems(list: ["the test is wrong"]) }
        for (name, value) in others { members[name] = value == .null ? nil : value }
        return try HTTPTextConfiguration(.object(members), at: "providers[1]", file: file)
    }

    static func problems(_ changes: String) -> [String] {
        do {
            _ = try read(changes)
            return []
        } catch let problems as HTTPTextConfiguration.Problems {
            return problems.list
        } catch {
            return ["\(error)"]
        }
    }

    @Test("a whole description is read, and shows no header's value")
    func whole() throws {
        let configuration = try Self.read()
        #expect(configuration.name == "acme")
        #expect(configuration.url.host == "api.example.com")
        #expect(configuration.timeoutSeconds == 10)
        #expect(configuration.headers.first?.value == Secret(text: "Bearer s3cret"))
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("s3cret"))
        }
    }

    @Test("what may be left out may")
    func defaults() throws {
        let configuration = try Self.read(
            #"{"headers": null, "success": null, "messageId": null, "timeoutSeconds": null}"#)
        #expect(configuration.success == .init(statuses: [200, 201, 202]))
        #expect(configuration.messageId == nil)
        #expect(configuration.timeoutSeconds == 10)
    }

    @Test(
        "a URL that is not of the internet or not over TLS is refused",
        arguments: [
            ("http://api.example.com/", "must be https"), ("ftp://api.example.com/", "must be https"),
            ("https://user@api.example.com/", "must not name a user"), ("https://u:p@host/", "must not name a user"),
            ("https://@api.example.com/", "must not name a user"),
            ("https://api.example.com/#x", "must not have a fragment"),
            ("https://api.example.com/ x", "must be printable ASCII"),
            ("https://bücher.example/", "must be printable ASCII"),
            ("https://api.example.com\\\\@10.0.0.1/", "must be printable ASCII"),
            ("api.example.com", "is no absolute URL"), ("https://", "is no absolute URL"),
            ("https:///path", "is no absolute URL"), ("https://localhost/", "names a host that is not public"),
            ("https://a.LOCALHOST/", "names a host that is not public"),
            ("https://127.0.0.1/", "names a host that is not public"),
            ("https://10.1.2.3:8443/", "names a host that is not public"),
            ("https://[::1]/", "names a host that is not public"),
            ("https://[::ffff:10.0.0.1]/", "names a host that is not public"),
            ("https://[fd00::1]:444/", "names a host that is not public"),
            ("https://169.254.169.254/latest", "names a host that is not public"),
            ("https://127.1/", "has no valid host"), ("https://2130706433/", "has no valid host"),
            ("https://0x7f000001/", "has no valid host"), ("https://a%2eb/", "has no valid host"),
            ("https://host:99999/", "has no valid host"), ("https://a..b/", "has no valid host"),
        ])
    func urls(_ url: String, _ reason: String) {
        #expect(Self.problems(#"{"url": "\#(url)"}"#) == ["providers[1].url \(reason)"])
    }

    @Test(
        "with allowPrivate it may be any host, and this machine without TLS",
        arguments: [
            "http://127.0.0.1:8080/send", "https://localhost/x", "http://localhost:1/", "http://[::1]:80/",
            "https://gateway/", "https://10.0.0.1/",
        ])
    func allowPrivate(_ url: String) throws {
        #expect(try Self.read(#"{"allowPrivate": true, "url": "\#(url)"}"#).allowPrivate)
    }

    @Test(
        "a text never crosses a network in the clear",
        arguments: [
            "http://gateway/", "http://10.0.0.1/", "http://[::ffff:127.0.0.1]/", "http://1.1.1.1/", "http://[::]/",
        ])
    func inTheClear(_ url: String) {
        #expect(Self.problems(#"{"allowPrivate": true, "url": "\#(url)"}"#) == ["providers[1].url must be https"])
    }

    @Test(
        "each mistake is named with its place and without a value",
        arguments: [
            (#"{"name": "Acme Inc"}"#, "providers[1].name must be 1 to 32 of a-z, 0-9, - and _"),
            (#"{"url": null}"#, "providers[1].url is missing"), (#"{"url": 1}"#, "providers[1].url must be a text"),
            (#"{"headers": []}"#, "providers[1].headers must be an object"),
            (#"{"headers": {"A b": "x"}}"#, "providers[1].headers.A b is no header name"),
            (#"{"headers": {"Host": "x"}}"#, "providers[1].headers.Host is not yours to set"),
            (#"{"headers": {"X": "a\r\nb"}}"#, "providers[1].headers.X has no valid value"),
            (#"{"headers": {"X": ""}}"#, "providers[1].headers.X has no valid value"),
            (#"{"headers": {"X": 1}}"#, "providers[1].headers.X must be a text or {\"file\": path}"),
            (#"{"headers": {"X": {"file": "/no"}}}"#, "providers[1].headers.X names a file that can't be read"),
            (#"{"body": {"to": "{{to}}"}}"#, "providers[1].body {{text}} is missing"),
            (
                #"{"success": {"status": [200, 500]}}"#,
                "providers[1].success.status must list statuses from 200 to 299, or 303"
            ),
            (#"{"success": {"status": 200}}"#, "providers[1].success.status must be a list"),
            (#"{"success": {"pointer": "/a"}}"#, "providers[1].success.equals goes with pointer"),
            (#"{"success": {"equals": "a"}}"#, "providers[1].success.equals goes with pointer"),
            (#"{"success": {"what": 1}}"#, "providers[1].success.what is not known"),
            (#"{"messageId": "id"}"#, "providers[1].messageId is no JSON pointer (RFC 6901)"),
            (#"{"timeoutSeconds": 0}"#, "providers[1].timeoutSeconds must be a whole number from 1 to 60"),
            (#"{"timeoutSeconds": "5"}"#, "providers[1].timeoutSeconds must be a whole number from 1 to 60"),
            (#"{"allowPrivate": 1}"#, "providers[1].allowPrivate must be true or false"),
            (#"{"methode": "GET"}"#, "providers[1].methode is not known"),
            (#"{"method": "GET"}"#, "providers[1].method must be POST or PUT or PATCH"),
            (#"{"method": 1}"#, "providers[1].method must be a text"),
            (
                #"{"body": {"to": "{{to}}", "t": "{{text}}", "f": "{{from}}"}}"#,
                "providers[1].body {{from}} needs the member from"
            ),
            (#"{"permanent": {"status": [500]}}"#, "providers[1].permanent.status must list statuses from 200 to 499"),
            (#"{"permanent": {"pointer": "/a"}}"#, "providers[1].permanent.equals goes with pointer"),
            (#"{"permanent": {}}"#, "providers[1].permanent must say which answers, by status or by pointer"),
        ])
    func mistakes(_ changes: String, _ problem: String) {
        #expect(Self.problems(changes) == [problem])
    }

    @Test("all mistakes are named at once")
    func all() {
        #expect(Self.problems(#"{"name": "", "url": "http://x/", "body": "{{text}}", "foo": 1}"#).count == 4)
    }

    @Test("a header's value may stand in a file, whose last line break is not part of it")
    func file() throws {
        let configuration = try Self.read(
            #"{"headers": {"X-Key": {"file": "/run/secrets/x"}}}"#,
            file: { $0 == "/run/secrets/x" ? Array("k3y\r\n".utf8) : nil })
        #expect(configuration.headers.map(\.value.text) == ["k3y"])
    }
}
