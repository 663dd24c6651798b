import Base
import Security

/// A provider that is asked by one request with a JSON body, as an operator describes it. The values of headers are
/// secrets.
public struct HTTPTextConfiguration: Sendable, Equatable {
    struct Header: Sendable, Equatable {
        let name: String
        let value: Secret
    }

    /// Answers that mean one thing: by their status, and where a pointer is given also by a value.
    struct Rule: Sendable, Equatable {
        var statuses: [Int]
        var pointer: JSONPointer?
        var values: [JSONTree] = []
    }

    static let methods = ["POST", "PUT", "PATCH"]

    /// Lower case, for metrics and records.
    public let name: String
    let method: String
    let url: HTTPTextURL
    let headers: [Header]
    let body: JSONTemplate
    /// Answers that say that the provider has the text.
    let success: Rule
    /// Answers that say that the number can't get texts; nil where none does.
    let permanent: Rule?
    /// Where the answer names the message; nil where it does not.
    let messageId: JSONPointer?
    let timeoutSeconds: Int
    let allowPrivate: Bool

    /// What is wrong with a description, all of it.
    public struct Problems: Error, Equatable, Sendable {
        public let list: [String]
    }

    /// - Parameters:
    ///   - tree: the object of one provider; its `type` is the caller's to look at.
    ///   - place: where the object stands, for problems: `providers[1]`.
    ///   - file: reads a header's value from the file that the description names; nil when it can't.
    public init(
        _ tree: JSONTree, at place: String, file: (_ path: String) -> [UInt8]?
    ) throws(Problems) {
        var members = FieldReader(tree, at: place, .file)
        _ = members.take("type")
        let name = members.text("name", required: true) ?? ""
        let allowPrivate = members.bool("allowPrivate") ?? false
        let url = Self.url(&members, allowPrivate)
        method = members.text("method") ?? "POST"
        if !Self.methods.contains(method) {
            members.wrong("method", "must be \(Self.methods.joined(separator: " or "))")
        }
        headers = Self.headers(&members, file)
        body = JSONTemplate(tree: members.take("body") ?? .null, from: members.text("from"))
        for problem in body.problems { members.wrong("body", problem) }
        success = Self.rule("success", &members, statuses: Self.successes) ?? Rule(statuses: [200, 201, 202])
        permanent = Self.rule("permanent", &members, statuses: Self.refusals)
        messageId = Self.pointer("messageId", &members)
        timeoutSeconds = members.integer("timeoutSeconds", 1...60, default: 10)
        if !Self.isName(name) { members.wrong("name", "must be 1 to 32 of a-z, 0-9, - and _") }
        members.finish()
        guard members.problems.isEmpty, let url else { throw Problems(list: members.problems) }
        self.name = name
        self.url = url
        self.allowPrivate = allowPrivate
    }

    /// Whether a provider may be called so.
    public static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}

extension HTTPTextConfiguration {
    private static func url(_ members: inout FieldReader, _ allowPrivate: Bool) -> HTTPTextURL? {
        guard let text = members.text("url", required: true) else { return nil }
        do throws(HTTPTextURL.Problem) {
            return try HTTPTextURL(text, allowPrivate: allowPrivate)
        } catch {
            members.wrong("url", error.reason)
            return nil
        }
    }

    private static func headers(_ members: inout FieldReader, _ file: (String) -> [UInt8]?) -> [Header] {
        switch members.take("headers") {
        case nil: return []
        case .object(let fields)?:
            var headers: [Header] = []
            for (name, tree) in fields.sorted(by: { $0.key < $1.key }) {
                do throws(HTTPTextURL.Problem) {
                    headers.append(try header(name, tree, file))
                } catch {
                    members.wrong("headers.\(name)", error.reason)
                }
            }
            return headers
        default:
            members.wrong("headers", "must be an object")
            return []
        }
    }

    private static func header(
        _ name: String, _ tree: JSONTree, _ file: (String) -> [UInt8]?
    ) throws(HTTPTextURL.Problem) -> Header {
        guard !name.isEmpty, name.utf8.allSatisfy({ isTokenByte($0) }) else { throw .init(reason: "is no header name") }
        guard !["host", "content-length", "transfer-encoding", "connection"].contains(name.lowercased()) else {
            throw .init(reason: "is not yours to set")
        }
        var value: [UInt8]
        switch tree {
        case .string(let text): value = Array(text.utf8)
        case .object(let source):
            guard case .string(let path)? = source["file"], source.count == 1 else {
                throw .init(reason: "must be a text or {\"file\": path}")
            }
            guard let content = file(path) else { throw .init(reason: "names a file that can't be read") }
            value = content
            while let last = value.last, last == 0x0A || last == 0x0D { value.removeLast() }
        case .null, .bool, .integer, .number, .array:
            throw .init(reason: "must be a text or {\"file\": path}")
        }
        guard !value.isEmpty, value.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else {
            throw .init(reason: "has no valid value")
        }
        return Header(name: name, value: Secret(value))
    }

    /// RFC 9110 §5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
    }

    /// Statuses that a rule may list, in words, and those that it means when it lists none.
    private struct Statuses {
        let range: ClosedRange<Int>
        let also: Int?
        let words: String
        let otherwise: [Int]
        /// Whether a rule without members would mean too much.
        let mustSay: Bool
    }

    private static let successes = Statuses(
        range: 200...299, also: 303, words: "must list statuses from 200 to 299, or 303", otherwise: [200, 201, 202],
        mustSay: false)
    private static let refusals = Statuses(
        range: 200...499, also: nil, words: "must list statuses from 200 to 499",
        otherwise: [200, 201, 202, 400, 404, 409, 410, 422], mustSay: true)

    private static func rule(_ name: String, _ members: inout FieldReader, statuses: Statuses) -> Rule? {
        guard let tree = members.take(name) else { return nil }
        guard tree != .object([:]) || !statuses.mustSay else {
            members.wrong(name, "must say which answers, by status or by pointer")
            return nil
        }
        var entry = FieldReader(tree, at: "\(members.place).\(name)", .file)
        var rule = Rule(statuses: [])
        switch entry.take("status") {
        case nil: rule.statuses = statuses.otherwise
        case .array(let list)?:
            for case .integer(let status) in list {
                guard let status = Int(exactly: status), statuses.range.contains(status) || status == statuses.also
                else { continue }
                rule.statuses.append(status)
            }
            if rule.statuses.isEmpty || rule.statuses.count < list.count { entry.wrong("status", statuses.words) }
        default: entry.wrong("status", "must be a list")
        }
        rule.pointer = pointer("pointer", &entry)
        switch entry.take("equals") {
        case nil: break
        case .array(let list)?: rule.values = list
        case let value?: rule.values = [value]
        }
        if (rule.pointer == nil) != rule.values.isEmpty { entry.wrong("equals", "goes with pointer") }
        entry.finish()
        members.add(entry.problems)
        return rule
    }

    private static func pointer(_ name: String, _ members: inout FieldReader) -> JSONPointer? {
        guard let text = members.text(name) else { return nil }
        if let pointer = JSONPointer(text) { return pointer }
        members.wrong(name, "is no JSON pointer (RFC 6901)")
        return nil
    }
}
