/// Reads what ``ByteWriter`` wrote, in the same order. Bytes that end too early are a bug and trap.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// - Parameter bytes: valid for as long as the reader is used.
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() -> UInt8 {
        defer { position += 1 }
        precondition(position < bytes.count, "packed bytes end too early")
        return bytes[position]
    }

    mutating func number() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = byte()
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    mutating func signed() -> Int64 {
        let value = number()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func delta(from base: Int64) -> Int64 { signed() &+ base }

    mutating func raw(_ count: Int) -> UnsafeRawBufferPointer {
        precondition(count >= 0 && count <= bytes.count - position, "packed bytes end too early")
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    mutating func counted() -> UnsafeRawBufferPointer { raw(Int(number())) }
}
