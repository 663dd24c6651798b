import Foundation
import Model

/// Logos for tests.
enum Pictures {
    /// A PNG of two teal squares, made 10,240 bytes long by a chunk that no viewer reads.
    static let logo: ShopLogo = {
        var bytes = head
        let room = ShopLogo.mostBytes - bytes.count - end.count - 12
        bytes += chunk("teSt", Array(repeating: 0, count: room)) + end
        return ShopLogo(type: "image/png", data: Data(bytes).base64EncodedString())
    }()

    private static let head: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        + chunk("IHDR", [0, 0, 0, 96, 0, 0, 0, 96, 1, 3, 0, 0, 0])
        + chunk("PLTE", [0x0F, 0x76, 0x6E, 0x99, 0xD5, 0xC9])
        + chunk(
            "IDAT", stored((0..<96).flatMap { row in [0] + Array(repeating: row / 48 == 0 ? 0xF0 : 0x0F, count: 12) }))
    private static let end = chunk("IEND", [])

    /// Length, name, data, CRC (ISO 15948 §5.3).
    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return big(UInt32(data.count)) + body + big(crc(body))
    }

    /// zlib with one block that is not compressed (RFC 1950, RFC 1951 §3.2.4).
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        let length = UInt16(data.count)
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in data {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        let sizes = [length, ~length].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        return [0x78, 0x01, 0x01] + sizes + data + big(b << 16 | a)
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(number >> $0 & 0xFF) }
    }
}
