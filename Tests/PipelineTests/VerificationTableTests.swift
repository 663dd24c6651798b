import Foundation
import Model
import Testing

@testable import Pipeline

@Suite("A table of packed verifications")
struct VerificationTableTests {
    private func id(_ number: Int) -> VerificationID {
        VerificationID(String(format: "%08x-1c2d-8e3f-9a4b-%012x", number &* 0x9e37_79b1 & 0xffff_ffff, number))
            .unsafelyUnwrapped
    }

    private func state(_ offset: Int64, _ shop: String = "a.myshopify.com") -> Verification {
        var subject = WireTests.subject
        subject.shop = shop
        return Verification.apply(nil, .opened(subject), now: 1_800_000_000_000 + offset, offset: offset)
            .unsafelyUnwrapped
    }

    @Test("rolls back to the last commit, whatever happened to an id in between")
    func rollback() {
        let table = VerificationTable()
        let (a, b) = (id(1), id(2))
        table.set(a, state(1))
        table.commit()
        table.set(a, state(2))
        table.set(a, nil)
        table.set(b, state(3))
        #expect(Set(table.changed) == [a, b] && table[a] == nil && table.count == 1)
        table.rollback()
        #expect(table[a] == state(1) && table[b] == nil && table.count == 1 && table.changed.isEmpty)
        table.set(b, state(4))
        table.commit()
        table.rollback()
        #expect(table[b] == state(4))
    }

    @Test("forgets what it is told to, whatever its length, for good")
    func forget() {
        let table = VerificationTable()
        let shops = ["a.myshopify.com", "b.myshopify.com", String(repeating: "b", count: 40_000)]
        for number in 0..<300 { table.set(id(number), state(Int64(number), shops[number % 3])) }
        table.commit()
        table.forget { $0.subject.shop.hasPrefix("b") }
        table.rollback()
        #expect(table.count == 100)
        for number in 0..<300 { #expect((table[id(number)] != nil) == (number % 3 == 0)) }
    }

    @Test("does what a dictionary does, through growth, cleaning and rollbacks", arguments: 1...2)
    func likeADictionary(seed: UInt64) {
        let table = VerificationTable()
        var model: [VerificationID: Verification] = [:]
        var committed = model
        var random = seed &* 0x9e37_79b9_7f4a_7c15
        func next(_ count: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % count
        }
        for step in 0..<6_000 {
            let key = id(next(1_500))
            // Sizes change, and now and then one is too long for a block.
            let shop = String(repeating: "s", count: next(400) == 0 ? 40_000 : next(300))
            let value = next(4) == 0 ? nil : state(Int64(step), shop)
            table.set(key, value)
            model[key] = value
            if next(20) == 0 {
                if next(3) == 0 {
                    table.rollback()
                    model = committed
                } else {
                    table.commit()
                    committed = model
                }
            }
        }
        #expect(table.count == model.count)
        for number in 0..<1_500 { #expect(table[id(number)] == model[id(number)]) }
    }
}

@Suite("A store of bytes")
struct ByteStoreTests {
    private func key(_ number: Int) -> ByteStore.Key {
        ByteStore.Key(high: UInt64(number) &* 0x9e37_79b9_7f4a_7c15, low: UInt64(number))
    }

    private func value(_ number: Int) -> [UInt8] { (0..<160).map { UInt8(truncatingIfNeeded: $0 ^ number) } }

    @Test("a value takes its bytes, 18 and a small share; changing all of them again and again takes no more")
    func steady() {
        let store = ByteStore()
        let count = 5_000
        for number in 0..<count { store.set(key(number), value(number)) }
        let full = store.reserved
        #expect(full <= count * 178 + 1 << 18)
        for round in 1...8 {
            for number in 0..<count { store.set(key(number * 7_919 % count), value(number + round)) }
        }
        #expect(store.count == count && store.reserved <= full + full / 16 + 3 << 18)
        for number in 0..<count {
            #expect(store.read(key(number * 7_919 % count)) { $0.map { [UInt8]($0) } } == value(number + 8))
        }
    }

    @Test("what is removed is gone, and its space is used again")
    func removal() {
        let store = ByteStore()
        for round in 0..<10 {
            for number in 0..<5_000 { store.set(key(number), value(number + round)) }
            for number in 0..<5_000 where number != round { store.remove(key(number)) }
            #expect(store.count == 1)
            #expect(store.read(key(round)) { $0.map { [UInt8]($0) } } == value(2 * round))
            store.remove(key(round))
        }
        #expect(store.count == 0 && store.reserved <= 10 << 18)
        #expect(store.read(key(1)) { $0 == nil })
    }

    @Test("keys of the same hash are told from each other")
    func collisions() {
        let store = ByteStore()
        let keys = (0..<200).map { ByteStore.Key(high: UInt64($0) ^ 5, low: UInt64($0)) }
        for (number, key) in keys.enumerated() { store.set(key, value(number)) }
        for key in keys.enumerated() where key.offset % 3 == 0 { store.remove(key.element) }
        for (number, key) in keys.enumerated() {
            let expected = number % 3 == 0 ? nil : value(number)
            #expect(store.read(key) { $0.map { [UInt8]($0) } } == expected)
        }
    }
}
