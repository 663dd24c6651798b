/// Values of a few hundred bytes under keys of sixteen, back to back in blocks of memory beside the heap: 18 bytes and
/// an index entry more than the value itself.
///
/// A value is never changed in place: the new one is appended, the old one's space is dead. When a share of all is
/// dead, the block with the most of it is emptied into the newest one and used again. Confined to its owner's executor.
final class ByteStore {
    /// Well spread by themselves: ids are hashes.
    struct Key: Equatable {
        let high: UInt64
        let low: UInt64

        var hash: UInt64 {
            let mixed = (high ^ low) &* 0x9e37_79b9_7f4a_7c15
            return mixed ^ mixed >> 32
        }
    }

    private final class Block {
        let pages = Pages(count: ByteStore.blockBytes)
        var used = 0
        var dead = 0
    }

    private static let blockBits: UInt32 = 18
    private static let blockBytes = 1 << 18
    private static let headBytes = 18
    /// Longer values stand on the heap.
    private static let longest = 1 << 15

    private var blocks: [Block] = []
    private var head = 0
    private var spare: [Int] = []
    private var index = ByteIndex()
    private var long: [UInt64: [(key: Key, value: [UInt8])]] = [:]
    private var longCount = 0
    private(set) var used = 0
    private(set) var dead = 0

    var count: Int { index.count + longCount }

    /// Bytes of memory held, used or not.
    var reserved: Int { blocks.count * Self.blockBytes }

    /// Gives the value's bytes, valid within the closure, or nil.
    func read<Result>(_ key: Key, _ body: (UnsafeRawBufferPointer?) -> Result) -> Result {
        if let place = place(of: key) { return body(value(at: place)) }
        if longCount > 0, let entry = long[key.hash]?.first(where: { $0.key == key }) {
            return entry.value.withUnsafeBytes { body($0) }
        }
        return body(nil)
    }

    func set(_ key: Key, _ value: [UInt8]) {
        guard value.count <= Self.longest else {
            remove(key)
            long[key.hash, default: []].append((key, value))
            longCount += 1
            return
        }
        if longCount > 0 { removeLong(key) }
        let old = place(of: key)
        let new = value.withUnsafeBytes { append(key, $0) }
        if let old {
            index.move(key.hash, from: old, to: new)
            kill(old)
        } else {
            index.insert(key.hash, new) { self.key(at: $0).hash }
        }
        clean()
    }

    func remove(_ key: Key) {
        if longCount > 0 { removeLong(key) }
        guard let place = place(of: key) else { return }
        index.remove(key.hash, place) { self.key(at: $0).hash }
        kill(place)
        clean()
    }

    /// Every key and its bytes, in no order; nothing may be changed meanwhile.
    func forEach(_ body: (Key, UnsafeRawBufferPointer) -> Void) {
        index.forEach { body(key(at: $0), value(at: $0)) }
        for entry in long.values.joined() { entry.value.withUnsafeBytes { body(entry.key, $0) } }
    }

    private func removeLong(_ key: Key) {
        guard let at = long[key.hash]?.firstIndex(where: { $0.key == key }) else { return }
        long[key.hash]?.remove(at: at)
        longCount -= 1
    }

    // MARK: Places

    private func place(of key: Key) -> ByteIndex.Place? { index.find(key.hash) { self.key(at: $0) == key } }

    private func pointer(_ place: ByteIndex.Place) -> UnsafeMutableRawPointer {
        blocks[Int(place >> Self.blockBits)].pages.base + Int(place) % Self.blockBytes
    }

    private func key(at place: ByteIndex.Place) -> Key {
        let pointer = pointer(place)
        return Key(
            high: pointer.loadUnaligned(as: UInt64.self), low: pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        )
    }

    private func value(at place: ByteIndex.Place) -> UnsafeRawBufferPointer {
        let pointer = pointer(place)
        let count = Int(pointer.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
        return UnsafeRawBufferPointer(start: pointer + Self.headBytes, count: count)
    }

    private func append(_ key: Key, _ value: UnsafeRawBufferPointer) -> ByteIndex.Place {
        let size = Self.headBytes + value.count
        if blocks.isEmpty || blocks[head].used + size > Self.blockBytes { openBlock() }
        let block = blocks[head]
        let pointer = block.pages.base + block.used
        pointer.storeBytes(of: key.high, as: UInt64.self)
        pointer.storeBytes(of: key.low, toByteOffset: 8, as: UInt64.self)
        pointer.storeBytes(of: UInt16(value.count), toByteOffset: 16, as: UInt16.self)
        (pointer + Self.headBytes).copyMemory(
            from: value.baseAddress ?? UnsafeRawPointer(pointer), byteCount: value.count)
        defer {
            block.used += size
            used += size
        }
        return UInt32(head) << Self.blockBits | UInt32(block.used)
    }

    private func openBlock() {
        if let free = spare.popLast() {
            head = free
            return
        }
        // 4 GiB of one partition: some twenty million verifications.
        precondition(blocks.count < 1 << (32 - Self.blockBits) - 1, "a partition's table is full")
        blocks.append(Block())
        head = blocks.count - 1
    }

    private func kill(_ place: ByteIndex.Place) {
        let size = Self.headBytes + value(at: place).count
        blocks[Int(place >> Self.blockBits)].dead += size
        dead += size
    }

    // MARK: Cleaning

    /// A thirty-second of what lives may be dead, half a block at least: little memory for little copying.
    private func clean() {
        while dead > max(Self.blockBytes / 2, (used - dead) / 32) {
            guard let victim = blocks.indices.filter({ $0 != head }).max(by: { blocks[$0].dead < blocks[$1].dead }),
                blocks[victim].dead > 0
            else { return }
            empty(victim)
        }
    }

    private func empty(_ number: Int) {
        let block = blocks[number]
        var offset = 0
        while offset < block.used {
            let place = UInt32(number) << Self.blockBits | UInt32(offset)
            let (key, value) = (key(at: place), value(at: place))
            offset += Self.headBytes + value.count
            guard self.place(of: key) == place else { continue }
            index.move(key.hash, from: place, to: append(key, value))
        }
        used -= block.used
        dead -= block.dead
        (block.used, block.dead) = (0, 0)
        spare.append(number)
    }
}
