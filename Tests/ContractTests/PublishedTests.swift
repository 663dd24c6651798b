import Base
import Model
import Pipeline
import Schemas
import Testing

@Suite("The AsyncAPI file")
struct PublishedTests {
    let contract: Contract

    init() throws {
        contract = try Contract()
    }

    @Test("has what AsyncAPI 3 requires, and its operation names messages of its channel")
    func structure() throws {
        let api = contract.api
        #expect(api["asyncapi"] == .string("3.0.0"))
        #expect(api.at("info/title")?.string != nil && api.at("info/version")?.string != nil)
        let operation = try #require(api.at("operations/publishOutcomes"))
        #expect(operation["action"] == .string("send"))
        #expect(operation.at("channel/$ref") == .string("#/channels/outcomes"))
        let named = (operation["messages"]?.array ?? []).compactMap { $0["$ref"]?.string }
        #expect(Set(named) == Set(contract.messages.keys.map { "#/channels/outcomes/messages/\($0)" }))
        #expect(named.count == contract.messages.count)
    }

    @Test("every reference leads somewhere, and every schema uses only what the validator checks")
    func references() throws {
        try contract.schemas.check()
        var files: Set = ["common.json"]
        for reference in Self.references(in: contract.api) {
            if reference.hasPrefix("#/") {
                #expect(contract.api.at(reference.dropFirst(2)) != nil, "\(reference)")
            } else {
                let target = String(try #require(reference.split(separator: "/", maxSplits: 1).last))
                files.insert(try contract.schemas.resolve(target, from: "").file)
            }
        }
        #expect(files == Set(contract.schemas.files.keys), "a schema that no message uses")
    }

    @Test("describes each kind of outcome, the tombstones and the beats, and nothing else")
    func messages() {
        let kinds = OutcomeKind.allCases
        #expect(Set(contract.messages.keys) == Set(kinds.map(\.rawValue) + ["tombstone", "beat"]))
        let types = contract.schemas.files["headers.json"]?.at("properties/ce_type/enum")?.strings
        #expect(types.map(Set.init) == Set(kinds.map(\.eventType)))
    }

    @Test("lists and explains each reason to skip, and no other")
    func reasons() throws {
        let reason = try #require(contract.schemas.files["skipped.json"]?.at("properties/reason"))
        #expect(reason["enum"]?.strings?.sorted() == SkipReason.allCases.map(\.rawValue).sorted())
        for skip in SkipReason.allCases {
            #expect(reason["description"]?.string?.contains("`\(skip.rawValue)`: ") == true, "\(skip)")
        }
    }

    @Test("the topic's name, partitions and settings are the catalogue's")
    func topic() throws {
        let topology = Topology()
        let name = topology.name(Catalogue.outcomes)
        #expect(contract.channel["address"] == .string(name))
        let binding = try #require(contract.channel.at("bindings/kafka"))
        #expect(binding["topic"] == .string(name))
        #expect(binding["partitions"] == .integer(Int64(topology.partitions)))
        let published = try #require(binding["topicConfiguration"]?.object).mapValues { value in
            switch value {
            case .array(let items): items.compactMap(\.string).joined(separator: ",")
            case .integer(let number): String(number)
            case .number(let number): String(number)
            case .string(let text): text
            case .null, .bool, .object: "?"
            }
        }
        #expect(published == Catalogue.outcomes.configuration)
    }

    @Test("says in words what a subscriber must know")
    func words() throws {
        let text = try #require(contract.api.at("info/description")?.string)
        for word in ["read_committed", Wire.beatPrefix, "tombstone", "at-least-once", "murmur2", "exactly one of"] {
            #expect(text.contains(word), "\(word)")
        }
        #expect(contract.messages["beat"]?["title"]?.string?.contains("ignore") == true)
    }

    @Test("the examples are valid, and their ids are those that would be emitted", arguments: OutcomeKind.allCases)
    func examples(kind: OutcomeKind) throws {
        let message = try #require(contract.messages[kind.rawValue])
        let example = try #require(message["examples"]?.array?.first)
        for part in ["headers", "payload"] {
            try contract.schemas.validate(
                try #require(example[part]), against: contract.reference(part, of: kind.rawValue))
        }
        #expect(example.at("headers/ce_subject") == example.at("payload/order"))
        // A skipped order's id comes from a verification that is not named.
        guard let id = example.at("payload/verification")?.string.flatMap({ VerificationID($0) }) else {
            #expect(kind == .skipped)
            return
        }
        let number = example.at("payload/number")?.integer.map { Int($0) }
        #expect(example.at("headers/ce_id") == .string(OutcomeRecord.eventId(id, kind, number: number)))
    }

    private static func references(in value: JSONTree) -> [String] {
        switch value {
        case .object(let members):
            members.flatMap { name, member in
                name == "$ref" ? [member.string ?? ""] : references(in: member)
            }
        case .array(let items): items.flatMap { references(in: $0) }
        case .null, .bool, .integer, .number, .string: []
        }
    }
}
