import Foundation
import Kafka
import Pipeline
import Testing

/// Looks for what must stand nowhere in the clear: codes, numbers, names, link tokens, access tokens, secrets, bodies.
struct PrivacyScan {
    /// What is looked for, by what it is.
    var needles: [(what: String, text: String)] = []
    /// Codes are short: they count only where they stand alone, not as a part of a longer number or a hexadecimal id.
    var codes: [String] = []

    func findings(in place: String, _ bytes: some Collection<UInt8>) -> [String] {
        let text = String(decoding: bytes, as: UTF8.self)
        var found = needles.filter { text.contains($0.text) }.map { "\($0.what) in \(place)" }
        for code in codes {
            for range in text.ranges(of: code) where standsAlone(range, in: text) {
                found.append("a code in \(place)")
            }
        }
        return found
    }

    private func standsAlone(_ range: Range<String.Index>, in text: String) -> Bool {
        func joins(_ character: Character?) -> Bool {
            guard let character else { return false }
            return character.isHexDigit || character == "-" || character == "."
        }
        let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
        let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
        return !joins(before) && !joins(after)
    }

    func findings(in records: [IncomingRecord]) -> [String] {
        records.flatMap { record in
            let place = "\(record.topic) \(record.header(Wire.typeHeader) ?? "")"
            let parts =
                [record.key ?? [], record.value ?? []] + record.headers.flatMap { [Array($0.name.utf8), $0.value] }
            return parts.flatMap { findings(in: place, $0) }
        }
    }
}

extension World {
    /// What this world's journeys made that nobody may see: from the texts, the orders, the secrets.
    func privacyScan() async throws -> PrivacyScan {
        var scan = PrivacyScan()
        let answer = try await sandbox("GET", "/texts")
        for text in answer.json["texts"] as? [[String: Any]] ?? [] {
            if let code = text["code"] as? String { scan.codes.append(code) }
            if let token = text["token"] as? String { scan.needles.append(("a link token", token)) }
            if let body = text["body"] as? String { scan.needles.append(("a text", body)) }
            if let to = text["to"] as? String {
                scan.needles.append(("a phone number", String(to.dropFirst())))
                scan.needles.append(("a national number", String(to.dropFirst(3))))
            }
        }
        for order in try await sandbox("GET", "/orders").json["orders"] as? [[String: Any]] ?? [] {
            guard let id = order["id"] as? String else { continue }
            let body = try await sandbox("GET", "/orders/\(id)/payload").json
            let customer = body["customer"] as? [String: Any]
            let address = body["shipping_address"] as? [String: Any]
            for (what, value) in [
                ("an e-mail address", body["email"]), ("a name", customer?["last_name"]),
                ("a street", address?["address1"]), ("a name", address?["name"]),
                ("a typed phone", address?["phone"]), ("an order's status page", body["order_status_url"]),
            ] {
                if let text = value as? String, text.count > 4 { scan.needles.append((what, text)) }
            }
        }
        scan.needles += [
            ("the client secret", secrets.clientSecret), ("the auth token", secrets.authToken),
            ("the admin token", secrets.adminToken), ("the id key", secrets.idKey), ("the key ring", secrets.ring),
            ("a field of a body", "\"shipping_address\""), ("a field of a body", "shpat_"),
            ("a refresh token", "shprt_"), ("a session token", "eyJhbGciOi"),
        ]
        return scan
    }

    /// Reads every topic and every log, and records an issue for each thing that stands in the clear.
    func expectPrivacy() async throws {
        let scan = try await privacyScan()
        #expect(!scan.codes.isEmpty && topics.all.count > 20, "a scan of nothing says nothing")
        var findings = scan.findings(in: topics.all)
        for (name, log) in try logs() where name != "otp-sandbox" {
            #expect(!log.isEmpty, "\(name) has logged nothing")
            findings += scan.findings(in: "the log of \(name)", log.utf8)
        }
        #expect(Set(findings) == [], "\(Set(findings).sorted())")
    }
}

@Suite("The privacy scan")
struct PrivacyScanTests {
    private let scan = PrivacyScan(needles: [("a phone number", "12025550143")], codes: ["123456"])

    @Test(
        "finds what stands in the clear",
        arguments: [
            "{\"code\":\"123456\"}", "code=123456&x", "123456", "to +12025550143.", " 123456,",
        ])
    func finds(text: String) {
        #expect(!scan.findings(in: "x", text.utf8).isEmpty)
    }

    @Test(
        "is not fooled by longer numbers and ids",
        arguments: [
            "1123456789", "a123456f-0000", "1731123456.5", "0190-123456-8000", "+1*****0143",
        ])
    func passes(text: String) {
        #expect(scan.findings(in: "x", text.utf8).isEmpty)
    }
}
