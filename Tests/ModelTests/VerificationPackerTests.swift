import Foundation
import Testing

@testable import Model

@Suite("Packed verifications")
struct VerificationPackerTests {
    private func roundTrip(_ value: Verification, _ packer: inout VerificationPacker) -> Verification {
        packer.pack(value).withUnsafeBytes { packer.unpack($0) }
    }

    @Test("whatever a verification holds comes back as it went", arguments: 1...20)
    func property(seed: Int) {
        var random = VerificationFactory(seed: UInt64(seed))
        var packer = VerificationPacker()
        var packed: [(Verification, [UInt8])] = []
        for _ in 0..<100 {
            let value = random.verification()
            packed.append((value, packer.pack(value)))
        }
        // Later ones have not changed what earlier ones share.
        for (value, bytes) in packed { #expect(bytes.withUnsafeBytes { packer.unpack($0) } == value) }
    }

    @Test("every step of a life comes back, and the usual open one takes fewer than 170 bytes")
    func life() throws {
        var packer = VerificationPacker()
        var state: Verification?
        var now: Int64 = 1_800_000_000_000
        let hash = "$2b$10$abcdefghijklmnopqrstuu0123456789ABCDEFGHIJKLMNOPQRST."
        let events: [VerificationEvent] = [
            .opened(VerificationFactory.usual), .textAsked(number: 1, generation: 1),
            .challenged(Challenge(generation: 1, hash: hash)), .textSent(TextReport(number: 1, generation: 1)),
            .guessCounted(fingerprint: "AAAABBBBCCCCDDDD"), .textAsked(number: 2, generation: 2),
            .textFailed(TextFailure(number: 2, generation: 2, reason: "21211", fault: .number)),
            .expired(.init(cause: .timedOut, fault: .ours)), .settlementIntended(.cancel), .settled(.cancelledByUs),
            .cancelled(by: .us),
        ]
        for (index, event) in events.enumerated() {
            now += 700
            state = Verification.apply(state, event, now: now, offset: 90_000 + Int64(index))
            let value = try #require(state)
            #expect(roundTrip(value, &packer) == value, "\(event)")
            if case .textSent = event { #expect(packer.pack(value).count < 170) }
        }
    }

    @Test("a code's life longer than the timer, as an old row may say, is kept")
    func unclamped() throws {
        var packer = VerificationPacker()
        var state = Verification.apply(nil, .opened(VerificationFactory.usual), now: 5, offset: 1)
        state?.subject.codeSeconds = 100_000
        let value = try #require(state)
        #expect(roundTrip(value, &packer) == value)
    }

    @Test("six-bit text packs exactly what base64 says, and nothing that bytes can't say")
    func sixBits() {
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count &* 101) }
            var text = Data(bytes).base64EncodedString()
            while text.hasSuffix("=") { text.removeLast() }
            #expect(SixBitText.base64.pack(text.utf8) == bytes)
            #expect(bytes.withUnsafeBytes { SixBitText.base64.unpack($0) } == text)
        }
        for text in ["A", "AB", "ABD", "A=", "AA==", "é", "AB C"] {
            #expect(SixBitText.base64.pack(text.utf8) == nil, "\(text)")
        }
    }

    @Test(
        "texts with a number at their end share what stands before it",
        arguments: [
            "", "0", "00", "7", "#1001", "gid://shopify/Order/5000000000037", "+1*****0000", "+1*****0567", "A-007",
            "999999999999999999", "1999999999999999999999", "18446744073709551616", "no number", "٣", "x٣4", "é9",
            String(repeating: "p", count: 300) + "1",
        ])
    func numbered(text: String) {
        var pool = TextPool()
        var out = ByteWriter()
        pool.writeNumbered(text, &out)
        pool.write(text, &out)
        out.bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            #expect(pool.readNumbered(&reader) == text)
            #expect(pool.read(&reader) == text)
        }
    }

    @Test("a full pool keeps texts in their records")
    func fullPool() {
        var pool = TextPool()
        var out = ByteWriter()
        let texts = (0..<TextPool.most + 50).map { "text \($0) of many" }
        for text in texts { pool.write(text, &out) }
        out.bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            for text in texts { #expect(pool.read(&reader) == text) }
        }
    }

    @Test(
        "numbers of any size come back",
        arguments: [0, 1, -1, 63, 64, -64, -65, 1 << 40, -(1 << 40), .max, .min] as [Int64])
    func numbers(value: Int64) {
        var out = ByteWriter()
        out.signed(value)
        out.delta(value, from: .max)
        out.delta(.min, from: value)
        out.bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            #expect(reader.signed() == value && reader.delta(from: .max) == value && reader.delta(from: value) == .min)
        }
    }
}
