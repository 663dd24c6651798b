import Foundation
import HTTP
import TestWorld
import Testing

/// The published description of the JSON API, held against the running daemon.
@Suite("The OpenAPI file", .world)
struct OpenAPITests {
    private let world = World.now
    private let api: PublishedAPI

    init() throws {
        api = try PublishedAPI("verifier.json", headers: ["Cache-Control", "Retry-After"])
    }

    private func expect(_ operation: String, _ answer: OutboundResponse, _ status: Int) throws {
        try api.expect(operation, answer, status)
    }

    private func call(
        _ method: String, _ token: String, _ path: String = "", body: String = "", headers: HTTPHeaders = [:]
    ) async throws -> OutboundResponse {
        var headers = headers
        if headers["X-Forwarded-For"] == nil { headers.set("X-Forwarded-For", ShopperAddress.of(token)) }
        headers.set("Content-Type", "application/json")
        return try await world.http.send(
            OutboundRequest(
                method: method, url: "http://127.0.0.1:\(world.ports.verifier)/api/v1/verifications/\(token)\(path)",
                headers: headers, body: Array(body.utf8), deadline: .seconds(10)))
    }

    private func attempt(_ token: String, _ code: String) async throws -> OutboundResponse {
        try await call("POST", token, "/attempts", body: "{\"code\":\"\(code)\"}")
    }

    private func text(_ shop: String, _ phone: String, timer: Int = 900) async throws -> (code: String, token: String) {
        try await world.register("\(shop).myshopify.com", timerSeconds: timer)
        _ = try await world.place("\(shop).myshopify.com", phone: phone)
        return try await world.text(to: phone)
    }

    @Test("every status of every operation is provoked, is as described, and nothing else comes")
    func complete() async throws {
        try await open()
        try await ended()
        try await resent()
        try await away()
        try await refused()
        #expect(api.provoked == (try api.described()))
    }

    @Test("every schema uses only what is checked, its examples hold, and every status has a description")
    func document() throws {
        try api.check()
    }

    /// An open verification: looked at, mistyped, guessed, resent, verified.
    private func open() async throws {
        let (code, token) = try await text("api-open", Traffic.phone(301))
        try expect("look", try await call("GET", token), 200)
        for bad in ["", "abc", "123", "12345678901", "1234"] {
            try expect("attempt", try await attempt(token, bad), 400)
        }
        try expect("attempt", try await attempt(token, code == "000000" ? "000001" : "000000"), 200)
        try expect("resend", try await call("POST", token, "/resend"), 429)
        let elsewhere: HTTPHeaders = ["Origin": "https://evil.example"]
        try expect(
            "attempt", try await call("POST", token, "/attempts", body: "{\"code\":\"\(code)\"}", headers: elsewhere),
            403)
        try expect("resend", try await call("POST", token, "/resend", headers: elsewhere), 403)
        try expect("attempt", try await attempt(token, code), 200)
        try expect("look", try await call("GET", token), 200)
        try expect("resend", try await call("POST", token, "/resend"), 410)
        let large = String(repeating: "x", count: 5_000)
        try expect("attempt", try await call("POST", token, "/attempts", body: large), 413)
        try expect("resend", try await call("POST", token, "/resend", body: large), 413)
    }

    /// One that is locked, and one that has ended.
    private func ended() async throws {
        let (code, token) = try await text("api-locked", Traffic.phone(302))
        for number in 0..<6 where String(format: "%06d", number) != code {
            _ = try await attempt(token, String(format: "%06d", number))
        }
        try expect("attempt", try await attempt(token, code), 429)
        try await world.register("api-ended.myshopify.com", timerSeconds: 5)
        let order = try await world.place("api-ended.myshopify.com", phone: Traffic.phone(303))
        let late = try await world.text(to: Traffic.phone(303)).token
        _ = try await world.eventually("the end") {
            world.outcomes(order.gid).contains("expired:timed_out") ? true : nil
        }
        try expect("resend", try await call("POST", late, "/resend"), 410)
        try expect("attempt", try await attempt(late, "123456"), 410)
        try expect("look", try await call("GET", late), 200)
    }

    /// A resend that is allowed.
    private func resent() async throws {
        let (_, token) = try await text("api-resend", Traffic.phone(304))
        let answer = try await world.eventually("the cool-down to pass", within: 40) {
            let answer = try await call("POST", token, "/resend")
            return answer.status == 200 ? answer : nil
        }
        try expect("resend", answer, 200)
    }

    /// Without Kafka.
    private func away() async throws {
        let (code, token) = try await text("api-away", Traffic.phone(305))
        _ = try await world.sandbox("POST", "/kafka/faults", ["down": true])
        try expect("look", try await call("GET", token), 503)
        try expect("resend", try await call("POST", token, "/resend"), 503)
        try expect("attempt", try await attempt(token, code), 503)
        _ = try await world.sandbox("DELETE", "/kafka/faults")
        _ = try await world.eventually("Kafka again", within: 40) {
            try await attempt(token, code).status == 200 ? true : nil
        }
    }

    /// A forged token, and an address that asks too often.
    private func refused() async throws {
        let forged = "0190f9c2-0000-8000-8000-000000000001"
        try expect("look", try await call("GET", forged), 404)
        try expect("attempt", try await attempt(forged, "123456"), 404)
        try expect("resend", try await call("POST", forged, "/resend"), 404)
        let headers: HTTPHeaders = ["X-Forwarded-For": "198.51.100.77"]
        for _ in 0..<40 { _ = try await call("GET", forged, headers: headers) }
        try expect("look", try await call("GET", forged, headers: headers), 429)
    }
}
