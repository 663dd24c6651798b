/// Bytes as hexadecimal digits in lower case, two each.
public func hexText(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.flatMap { [hexDigits[Int($0 >> 4)], hexDigits[Int($0 & 15)]] }, as: UTF8.self)
}

private let hexDigits = Array("0123456789abcdef".utf8)
