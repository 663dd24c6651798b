import Foundation
import Testing

@testable import Security

/// How often each digit stood at each of six places, and each of a thousand values in the first and last three.
private struct Tallies {
    var places = [Int](repeating: 0, count: 60)
    var front = [Int](repeating: 0, count: 1000)
    var back = [Int](repeating: 0, count: 1000)

    mutating func add(_ digits: String) {
        var value = 0
        var place = 0
        for byte in digits.utf8 {
            let digit = Int(byte &- 0x30)
            places[place * 10 + digit] += 1
            value = value * 10 + digit
            place += 1
            if place == 3 {
                front[value] += 1
                value = 0
            }
        }
        back[value] += 1
    }
}

/// The 10^6 codes of fixed ids under a fixed key: the same in every run.
private let derived: Tallies = {
    let key = Secret(knownKey)
    var tallies = Tallies()
    var id = uuid_t(0, 0, 0, 0, 0, 0, 0x80, 0, 0x80, 0, 0, 0, 0, 0, 0, 0)
    for number in 0..<1_000_000 {
        id.13 = UInt8(truncatingIfNeeded: number >> 16)
        id.14 = UInt8(truncatingIfNeeded: number >> 8)
        id.15 = UInt8(truncatingIfNeeded: number)
        tallies.add(OneTimeCode.derive(key: key, id: UUID(uuid: id), generation: 1, digits: 6).digits)
    }
    return tallies
}()

/// Pearson's statistic of these counts against all equally often.
private func chiSquared(_ counts: some Collection<Int>) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
}

/// What chance exceeds once in 10^6 tries, for 9 and for 999 degrees of freedom.
private let limits = [10: 44.81, 1000: 1226.0]

@Suite struct OneTimeCodeTests {
    private let id = UUID(uuidString: "6a762180-a14d-855f-b64f-dd27686e4de1")

    @Test(
        "codes are those of an independent computation",
        arguments: [
            (1, ["9294", "549294", "35549294", "2935549294"]), (2, ["7978", "377978", "71377978", "2371377978"]),
            (3, ["2032", "692032", "39692032", "3639692032"]),
        ])
    func known(generation: Int, codes: [String]) throws {
        let key = Keyring.Key(id: "k", bytes: knownKey)
        let made = try codes.map {
            OneTimeCode.derive(
                key: key.code, id: try #require(id), generation: generation, digits: $0.utf8.count
            ).digits
        }
        #expect(made == codes)
    }

    @Test("short values keep their leading zeros")
    func padding() throws {
        let key = Secret(knownKey)
        let id = try #require(id)
        let codes = (0..<200).map { OneTimeCode.derive(key: key, id: id, generation: $0, digits: 6).digits }
        #expect(codes.allSatisfy { $0.utf8.count == 6 })
        #expect(codes.contains { $0.hasPrefix("0") })
    }

    @Test("a guess's MAC is that of an independent computation and depends on id and code")
    func mac() throws {
        let pepper = Keyring.Key(id: "k", bytes: knownKey).pepper
        let id = try #require(id)
        let mac = GuessMAC.mac(pepper: pepper, id: id, code: "012345")
        #expect(mac == hex("f9d04fca5c20f70d657cdf45a28cd3f7a86e45e74475b332c947ad3263117907"))
        #expect(GuessMAC.mac(pepper: pepper, id: id, code: "012346") != mac)
        #expect(GuessMAC.mac(pepper: pepper, id: UUID(), code: "012345") != mac)
    }

    @Test("10^6 derived codes: each digit at each place, the first too, is as likely as the others", arguments: 0..<6)
    func digits(place: Int) throws {
        #expect(chiSquared(derived.places[place * 10..<place * 10 + 10]) < (try #require(limits[10])))
    }

    @Test("10^6 derived codes: a thousand bins by the first and by the last three digits")
    func bins() throws {
        #expect(derived.front.reduce(0, +) == 1_000_000)
        #expect(chiSquared(derived.front) < (try #require(limits[1000])))
        #expect(chiSquared(derived.back) < (try #require(limits[1000])))
    }

    @Test("the test would notice a bias: 24 random bits reduced mod 10^6 fail it")
    func power() throws {
        // 2^24 is 16.8 millions: the codes below 777,216 get 17 chances in 2^24, the others 16. SplitMix64, fixed seed.
        var state: UInt64 = 1
        var front = [Int](repeating: 0, count: 1000)
        for _ in 0..<1_000_000 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            front[Int((mixed ^ (mixed >> 31)) >> 40) % 1_000_000 / 1000] += 1
        }
        #expect(chiSquared(front) > (try #require(limits[1000])))
    }
}
