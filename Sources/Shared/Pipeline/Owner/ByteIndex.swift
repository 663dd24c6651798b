/// Where each key's value stands, as four bytes a key: open addressing with linear probing and no tombstones. It knows
/// neither keys nor values; its owner says which key stands at a place.
struct ByteIndex {
    /// A place; never `UInt32.max`.
    typealias Place = UInt32

    private var pages: Pages
    private var mask: Int
    private(set) var count = 0

    init(capacity: Int = 1_024) {
        pages = Pages(count: capacity * MemoryLayout<UInt32>.stride)
        mask = capacity - 1
    }

    /// Places plus one, so that zeroed memory is empty.
    private var slots: UnsafeMutablePointer<UInt32> { pages.base.assumingMemoryBound(to: UInt32.self) }

    func find(_ hash: UInt64, isKey: (Place) -> Bool) -> Place? {
        slot(hash, isKey).map { slots[$0] - 1 }
    }

    /// - Parameter hashAt: of the key that stands at a place.
    mutating func insert(_ hash: UInt64, _ place: Place, hashAt: (Place) -> UInt64) {
        if (count + 1) * 4 > (mask + 1) * 3 { grow(hashAt) }
        put(hash, place)
        count += 1
    }

    mutating func move(_ hash: UInt64, from old: Place, to new: Place) {
        guard let slot = slot(hash, { $0 == old }) else { preconditionFailure("the place is not in the index") }
        slots[slot] = new + 1
    }

    mutating func remove(_ hash: UInt64, _ place: Place, hashAt: (Place) -> UInt64) {
        guard var hole = slot(hash, { $0 == place }) else { preconditionFailure("the place is not in the index") }
        count -= 1
        // Whatever was pushed past the hole by others moves back, so that no search ends early (Knuth 6.4, R).
        var next = hole
        while true {
            next = (next + 1) & mask
            guard slots[next] != 0 else { break }
            let home = start(hashAt(slots[next] - 1))
            if (next - home) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
        }
        slots[hole] = 0
    }

    func forEach(_ body: (Place) -> Void) {
        for slot in 0...mask where slots[slot] != 0 { body(slots[slot] - 1) }
    }

    private func slot(_ hash: UInt64, _ isIt: (Place) -> Bool) -> Int? {
        var slot = start(hash)
        while slots[slot] != 0 {
            if isIt(slots[slot] - 1) { return slot }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func start(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }

    private mutating func grow(_ hashAt: (Place) -> UInt64) {
        var places: [Place] = []
        places.reserveCapacity(count)
        forEach { places.append($0) }
        let capacity = (mask + 1) * 2
        pages = Pages(count: capacity * MemoryLayout<UInt32>.stride)
        mask = capacity - 1
        for place in places { put(hashAt(place), place) }
    }

    private func put(_ hash: UInt64, _ place: Place) {
        var slot = start(hash)
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = place + 1
    }
}
