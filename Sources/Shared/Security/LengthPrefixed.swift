/// Several texts as one unambiguous byte string: each as its UTF-8 length (4 bytes, big endian) and its bytes, so that
/// no two different lists give the same input to a MAC or the same associated data.
func lengthPrefixed(_ texts: String...) -> [UInt8] {
    var bytes: [UInt8] = []
    for text in texts {
        bytes += bigEndian(UInt32(text.utf8.count))
        bytes += text.utf8
    }
    return bytes
}

func bigEndian(_ value: UInt32) -> [UInt8] {
    [
        UInt8(truncatingIfNeeded: value >> 24), UInt8(truncatingIfNeeded: value >> 16),
        UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value),
    ]
}
