/// Appends numbers and bytes in their shortest form. What it writes, ``ByteReader`` reads; nothing else does, and it
/// never leaves the process.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(256) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Seven bits a byte, the lowest first.
    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Small in either direction is short.
    mutating func signed(_ value: Int64) {
        number(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
    }

    /// The way from `base`, by wrapping arithmetic: nothing is out of range.
    mutating func delta(_ value: Int64, from base: Int64) { signed(value &- base) }

    /// Without their number: the reader knows it.
    mutating func raw(_ values: some Collection<UInt8>) { bytes.append(contentsOf: values) }

    mutating func counted(_ values: some Collection<UInt8>) {
        number(UInt64(values.count))
        raw(values)
    }
}
