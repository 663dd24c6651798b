import Base
import Foundation
import Security
import Testing

@testable import Platforms

@Suite("Session tokens")
struct SessionTokenTests {
    private static let shop = "otp-guard-demo.myshopify.com"

    struct File {
        let clientId: String
        let secret: Secret
        let now: Int64
        let tokens: [(name: String, jwt: String, isGood: Bool)]

        init() throws {
            let file = try Vectors.json("shopify/session-token-vectors.json")
            clientId = try #require(file["client_id"] as? String)
            secret = Secret(text: try #require(file["client_secret"] as? String))
            now = Int64(try #require(file["now"] as? Int)) * 1000
            tokens = try (try #require(file["tokens"] as? [[String: Any]])).map { row in
                (
                    try #require(row["name"] as? String), try #require(row["jwt"] as? String),
                    try #require(row["accept"] as? Bool)
                )
            }
        }
    }

    private static func problem(
        _ jwt: String, _ file: File, secrets: [Secret]? = nil, clientId: String? = nil, now: Int64? = nil
    ) -> SessionToken.Problem? {
        do throws(SessionToken.Problem) {
            _ = try SessionToken.verify(
                jwt, clientId: clientId ?? file.clientId, secrets: secrets ?? [file.secret], now: now ?? file.now)
            return nil
        } catch {
            return error
        }
    }

    @Test("every vector, with the reason it is refused for")
    func vectors() throws {
        let file = try File()
        let reasons: [String: SessionToken.Problem] = [
            "expired": .expired, "not-yet": .notYet, "wrong-aud": .audience, "iss-dest-mismatch": .issuer,
            "wrong-secret": .signature, "alg-none": .algorithm, "alg-hs512-header": .algorithm,
        ]
        #expect(file.tokens.count == 8)
        for (name, jwt, isGood) in file.tokens {
            #expect(Self.problem(jwt, file) == reasons[name], "\(name)")
            #expect((reasons[name] == nil) == isGood)
        }
        let good = try SessionToken.verify(
            file.tokens[0].jwt, clientId: file.clientId, secrets: [Secret(text: "older"), file.secret], now: file.now)
        #expect(good == SessionToken(shop: Self.shop, user: "42", expiresAt: file.now + 60_000))
    }

    @Test("ten seconds of difference between the clocks are borne, no more")
    func leeway() throws {
        let file = try File()
        let jwt = file.tokens[0].jwt
        #expect(Self.problem(jwt, file, now: file.now + 69_999) == nil)
        #expect(Self.problem(jwt, file, now: file.now + 70_000) == .expired)
        #expect(Self.problem(jwt, file, now: file.now - 10_000) == nil)
        #expect(Self.problem(jwt, file, now: file.now - 10_001) == .notYet)
    }

    /// Signed as it should be, whatever it says.
    private static func signed(_ header: String, _ payload: String, _ secret: Secret) -> String {
        let head = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
        return head + "." + Base64URL.encode(Digest.hmacSHA256(key: secret.bytes, Array(head.utf8)))
    }

    @Test("a good signature does not help claims that are wrong")
    func claims() throws {
        let file = try File()
        let header = #"{"alg":"HS256"}"#
        func claims(
            iss: String = "https://\(Self.shop)/admin", dest: String = "https://\(Self.shop)",
            exp: String = "1795176060", nbf: String = "1795176000"
        ) -> String {
            #"{"iss":"\#(iss)","dest":"\#(dest)","aud":"\#(file.clientId)","exp":\#(exp),"nbf":\#(nbf)}"#
        }
        func problem(_ payload: String, _ header: String = header) -> SessionToken.Problem? {
            Self.problem(Self.signed(header, payload, file.secret), file)
        }
        #expect(problem(claims()) == nil)
        #expect(problem(claims(dest: "https://evil.example")) == .shop)
        #expect(problem(claims(dest: "https://\(Self.shop).evil.example")) == .shop)
        #expect(problem(claims(dest: "https://\(Self.shop)@evil.example")) == .shop)
        #expect(problem(claims(dest: "http://\(Self.shop)")) == .shop)
        #expect(problem(claims(iss: "https://evil.example/\(Self.shop)")) == .issuer)
        #expect(problem(claims(iss: "")) == .issuer)
        #expect(problem(claims(exp: "1e300")) == .malformed)
        #expect(problem(claims(exp: "null")) == .malformed)
        #expect(problem(#"{"dest":"https://\#(Self.shop)"}"#) == .malformed)
        #expect(problem(claims(), #"{"alg":"HS256","crit":["b64"],"b64":false}"#) == .algorithm)
        #expect(problem(claims(), #"{"alg":"hs256"}"#) == .algorithm)
        #expect(problem(claims(), #"{}"#) == .malformed)
    }

    @Test(
        "what is no token is refused",
        arguments: ["", ".", "..", "a.b", "a.b.c.d", "\u{0}..", "eyJhbGciOiJIUzI1NiJ9..="])
    func malformed(jwt: String) throws {
        #expect(Self.problem(jwt, try File()) == .malformed)
    }

    @Test("a changed signature, an endless token, no secret and no client id are refused")
    func others() throws {
        let file = try File()
        let jwt = file.tokens[0].jwt
        #expect(
            Self.problem(String(jwt.dropLast()), file) == .malformed
                || Self.problem(String(jwt.dropLast()), file) == .signature)
        #expect(Self.problem(jwt + "=", file) == .malformed)
        #expect(Self.problem(jwt + String(repeating: "A", count: 9000), file) == .malformed)
        #expect(Self.problem(jwt, file, secrets: []) == .signature)
        #expect(Self.problem(jwt, file, clientId: "") == .audience)
    }

    @Test("a token with any of its characters changed is refused")
    func everyCharacter() throws {
        let file = try File()
        let jwt = Array(file.tokens[0].jwt.utf8)
        for index in jwt.indices {
            for byte in [UInt8(ascii: "A"), UInt8(ascii: "B"), UInt8(ascii: "."), UInt8(ascii: "="), 0x80]
            where jwt[index] != byte {
                var changed = jwt
                changed[index] = byte
                #expect(Self.problem(String(decoding: changed, as: UTF8.self), file) != nil, "character \(index)")
            }
        }
        // The last character holds two bits that mean nothing.
        let last = try #require(jwt.last)
        let spare = try #require(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8.first { $0 == last + 1 })
        #expect(Self.problem(String(decoding: jwt.dropLast() + [spare], as: UTF8.self), file) == .malformed)
    }

    @Test("a token that we make ourselves is one that we take")
    func made() throws {
        let secret = Secret(text: "s")
        let jwt = SessionToken.make(
            shop: Self.shop, clientId: "app", secret: secret, now: 1_795_176_000_500, id: "j", user: "7")
        let token = try SessionToken.verify(jwt.text, clientId: "app", secrets: [secret], now: 1_795_176_001_000)
        #expect(token == SessionToken(shop: Self.shop, user: "7", expiresAt: 1_795_176_060_000))
    }
}
