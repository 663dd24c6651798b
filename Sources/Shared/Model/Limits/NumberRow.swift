/// A row of `otp.numbers`.
public enum NumberRow: Equatable, Sendable {
    case phone(PhoneTexts)
    case range(RangeTexts)

    public var applied: Int64 {
        switch self {
        case .phone(let row): row.applied
        case .range(let row): row.applied
        }
    }

    /// Whether it is to be taken away: 30 days after its last text.
    public func isOver(now: Int64) -> Bool {
        switch self {
        case .phone(let row): row.isOver(now: now)
        case .range(let row): row.isOver(now: now)
        }
    }
}

/// The form in memory: some 20 bytes and 10 a text for a phone, some 20 and 10 a shop for a range.
extension NumberRow {
    public var packed: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .phone(let row):
            writer.byte(row.optedOutAt == nil ? 0 : 2)
            writer.signed(row.applied)
            if let optedOutAt = row.optedOutAt { writer.signed(optedOutAt) }
            var (at, offset) = (Int64(0), row.applied)
            for text in row.texts {
                writer.delta(text.at, from: at)
                writer.delta(text.offset, from: offset)
                writer.number(UInt64(text.shop))
                (at, offset) = (text.at, text.offset)
            }
        case .range(let row):
            writer.byte(1)
            writer.signed(row.applied)
            writer.signed(row.since)
            for number in [row.sent, row.verified, row.strikes] { writer.signed(Int64(number)) }
            writer.delta(row.lastAt, from: row.since)
            for shop in row.shops {
                writer.number(UInt64(shop.shop))
                writer.delta(shop.since, from: row.since)
                writer.signed(Int64(shop.sent))
            }
        }
        return writer.bytes
    }

    /// - Parameter bytes: made by `packed`; others trap.
    public init(packed bytes: UnsafeRawBufferPointer) {
        var reader = ByteReader(bytes)
        let kind = reader.byte()
        let applied = reader.signed()
        if kind != 1 {
            var row = PhoneTexts(applied: applied, optedOutAt: kind == 2 ? reader.signed() : nil)
            var (at, offset) = (Int64(0), applied)
            while !reader.isAtEnd {
                at = reader.delta(from: at)
                offset = reader.delta(from: offset)
                row.texts.append(.init(at: at, shop: UInt32(truncatingIfNeeded: reader.number()), offset: offset))
            }
            self = .phone(row)
        } else {
            var row = RangeTexts(since: reader.signed(), lastAt: 0, applied: applied)
            (row.sent, row.verified, row.strikes) = (
                Int(reader.signed()), Int(reader.signed()), Int(reader.signed())
            )
            row.lastAt = reader.delta(from: row.since)
            while !reader.isAtEnd {
                let shop = UInt32(truncatingIfNeeded: reader.number())
                let since = reader.delta(from: row.since)
                row.shops.append(.init(shop: shop, since: since, sent: Int(reader.signed())))
            }
            self = .range(row)
        }
    }
}
