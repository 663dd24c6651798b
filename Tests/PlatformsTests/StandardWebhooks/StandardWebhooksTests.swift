import Foundation
import HTTP
import Security
import Testing

@testable import Platforms

/// A published signature.
struct StandardVector: Decodable, Sendable {
    enum CodingKeys: String, CodingKey {
        case secret, secrets, body
        case id = "webhook-id"
        case timestamp = "webhook-timestamp"
        case signature = "webhook-signature"
    }

    let secret: String?
    let secrets: [String]?
    let id: String
    let timestamp: Int64
    let body: String
    let signature: String

    var keys: [Secret] { ([secret].compactMap { $0 } + (secrets ?? [])).compactMap(StandardWebhooks.secret) }

    func delivery(_ change: (inout HTTPHeaders) -> Void = { _ in }, now: Int64? = nil) throws -> StandardDelivery {
        var headers: HTTPHeaders = [
            "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signature,
        ]
        change(&headers)
        return try StandardDelivery(headers, now: now ?? timestamp * 1000)
    }

    private struct File: Decodable {
        enum CodingKeys: String, CodingKey {
            case published = "published_vector"
            case vectors
        }

        let published: StandardVector
        let vectors: [StandardVector]
    }

    static let all: [StandardVector] = {
        guard let bytes = try? Vectors.bytes("standard-webhooks/vectors.json"),
            let file = try? JSONDecoder().decode(File.self, from: Data(bytes))
        else { return [] }
        return [file.published] + file.vectors
    }()
}

@Suite("Standard Webhooks")
struct StandardWebhooksTests {
    @Test("there are vectors to try")
    func number() { #expect(StandardVector.all.count == 3) }

    @Test(
        "every vector is signed as published, and verified by each of its secrets alone", arguments: StandardVector.all)
    func signed(vector: StandardVector) throws {
        let body = Array(vector.body.utf8)
        let signed = StandardWebhooks.sign(
            id: vector.id, timestamp: vector.timestamp, body: body, secrets: vector.keys)
        #expect(signed == vector.signature)
        let delivery = try vector.delivery()
        #expect(!vector.keys.isEmpty)
        for key in vector.keys {
            #expect(delivery.isSigned(body: body, secrets: [key]))
            #expect(delivery.isSigned(body: body, secrets: [Secret([UInt8](repeating: 1, count: 32)), key]))
        }
    }

    @Test("another id, time, body, secret, version or no secret at all: not signed", arguments: StandardVector.all)
    func forged(vector: StandardVector) throws {
        let body = Array(vector.body.utf8)
        let good = try vector.delivery()
        #expect(!good.isSigned(body: body + [0x20], secrets: vector.keys))
        #expect(!good.isSigned(body: [], secrets: vector.keys))
        #expect(!good.isSigned(body: body, secrets: []))
        #expect(!good.isSigned(body: body, secrets: [Secret([UInt8](repeating: 7, count: 32))]))
        // The bytes the text stands for are the key, not the text.
        let texts = ([vector.secret].compactMap { $0 } + (vector.secrets ?? [])).map { Secret(text: $0) }
        #expect(!good.isSigned(body: body, secrets: texts))
        for (name, value) in [
            ("webhook-id", vector.id + "x"), ("webhook-timestamp", String(vector.timestamp + 1)),
            ("webhook-signature", vector.signature.replacing("v1,", with: "v2,")),
            ("webhook-signature", vector.signature.replacing("v1,", with: "v1a,")),
            ("webhook-signature", vector.signature.replacing("v1,", with: "")),
            ("webhook-signature", vector.signature.lowercased()), ("webhook-signature", "v1,"),
        ] {
            let delivery = try vector.delivery({ $0.set(name, value) })
            #expect(!delivery.isSigned(body: body, secrets: vector.keys), "\(name): \(value)")
        }
    }

    @Test("five minutes either way are let through, a millisecond more is not")
    func tolerance() throws {
        let vector = try #require(StandardVector.all.first)
        let (time, most) = (vector.timestamp * 1000, StandardWebhooks.toleranceMs)
        #expect(most == 300_000)
        for now in [time - most, time, time + most] { _ = try vector.delivery(now: now) }
        for now in [time - most - 1, time + most + 1, 0] {
            #expect(throws: StandardDeliveryProblem.stale) { try vector.delivery(now: now) }
        }
    }

    @Test(
        "a header that is missing, repeated or impossible is refused before anything is computed",
        arguments: [
            ("webhook-id", [""]), ("webhook-id", []), ("webhook-id", ["a", "b"]), ("webhook-id", ["a.b"]),
            ("webhook-id", ["a b"]), ("webhook-id", ["ä"]), ("webhook-id", [String(repeating: "x", count: 256)]),
            ("webhook-timestamp", []), ("webhook-timestamp", ["now"]), ("webhook-timestamp", ["+1614265330"]),
            ("webhook-timestamp", ["-1614265330"]), ("webhook-timestamp", ["1614265330.5"]),
            ("webhook-timestamp", ["01614265330"]), ("webhook-timestamp", ["9223372036854775807"]),
            ("webhook-timestamp", ["99999999999999999999"]), ("webhook-signature", []), ("webhook-signature", [""]),
            ("webhook-signature", ["v1,a", "v1,b"]),
        ] as [(String, [String])])
    func incomplete(name: String, values: [String]) throws {
        let vector = try #require(StandardVector.all.first)
        #expect(throws: StandardDeliveryProblem.incomplete) {
            try vector.delivery { headers in
                headers.remove(name)
                for value in values { headers.append(name, value) }
            }
        }
    }

    @Test(
        "a secret is whsec_ and base64 of 24 to 64 bytes",
        arguments: [
            (23, false), (24, true), (32, true), (64, true), (65, false), (0, false),
        ])
    func secrets(bytes: Int, isGood: Bool) {
        let text = Data(repeating: 9, count: bytes).base64EncodedString()
        #expect(StandardWebhooks.secret("whsec_" + text)?.bytes.count == (isGood ? bytes : nil))
        #expect(StandardWebhooks.secret(text) == nil)
        #expect(StandardWebhooks.secret("whsk_" + text) == nil)
        #expect(StandardWebhooks.secret("whsec_" + text + "!") == nil)
        let secret = Secret([UInt8](repeating: 9, count: bytes))
        if isGood { #expect(StandardWebhooks.secret(StandardWebhooks.text(of: secret)) == secret) }
    }
}
