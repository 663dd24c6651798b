import FoundationEssentials

/// What is wrong at one place of a document somebody sent us.
public struct PayloadFault: Sendable, Equatable {
    /// JSON pointer (RFC 6901), `/data/shipping/country`; empty for the whole document.
    public let pointer: String
    /// What it must be; never what stands there.
    public let detail: String

    public init(_ pointer: String, _ detail: String) {
        self.pointer = pointer
        self.detail = detail
    }

    /// An event that is signed by one source and speaks of another.
    public static let foreignShop = PayloadFault("/data/shop", "not the source")

    /// `data.shipping.country: must be …`
    var error: PayloadError {
        let place = pointer.split(separator: "/").joined(separator: ".")
        return PayloadError(place.isEmpty ? detail : "\(place): \(detail)")
    }
}

/// A member as it stands in a document of somebody else's making.
enum LooseValue: Decodable, Equatable {
    case text(String)
    case number(Decimal)
    case bool(Bool)
    case list(isEmpty: Bool)
    case object

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        // Errors here only say that it is of another kind.
        func read<Value: Decodable>(_ type: Value.Type) -> Value? {
            do { return try value.decode(type) } catch { return nil }
        }
        if let text = read(String.self) {
            self = .text(text)
        } else if let bool = read(Bool.self) {
            self = .bool(bool)
        } else if let number = read(Decimal.self) {
            self = .number(number)
        } else {
            do {
                self = .list(isEmpty: try decoder.unkeyedContainer().isAtEnd)
            } catch {
                self = .object
            }
        }
    }
}

/// Reads documents of many makers: takes what can mean only one thing, and remembers every place that can't be read.
///
/// Absent, null and an empty text are the same; a number may be a text and the other way round; an empty list is an
/// empty object. A field that can't be read is nil, so that reading goes on to the next.
struct LooseReader {
    private(set) var faults: [PayloadFault] = []
    /// Every place of a time that was read as UTC, for it names no zone.
    private(set) var timesWithoutZone: [PayloadFault] = []
    /// Whether any time names its zone.
    private(set) var hasTimeWithZone = false

    /// Enough for whoever mends them.
    static let faultsAtMost = 100

    mutating func blame<Key>(_ fields: KeyedDecodingContainer<Key>?, _ key: Key, _ detail: String) {
        blame(fault(fields, key, detail))
    }

    private mutating func blame(_ fault: PayloadFault) {
        guard faults.count < Self.faultsAtMost else { return }
        faults.append(fault)
    }

    private func fault<Key>(_ fields: KeyedDecodingContainer<Key>?, _ key: Key, _ detail: String) -> PayloadFault {
        let path = (fields?.codingPath ?? []).map(\.stringValue) + [key.stringValue]
        return PayloadFault(path.map { "/\($0)" }.joined(), detail)
    }

    mutating func noteTime<Key>(_ fields: KeyedDecodingContainer<Key>?, _ key: Key, hasZone: Bool) {
        if hasZone {
            hasTimeWithZone = true
        } else {
            timesWithoutZone.append(fault(fields, key, "must name its zone: others of the event do"))
        }
    }

    /// Refuses what was read as UTC.
    mutating func blameTimesWithoutZone() {
        for fault in timesWithoutZone { blame(fault) }
    }

    /// Nil where it is absent, null or a text of nothing but blanks; and where its object is.
    func value<Key>(_ fields: KeyedDecodingContainer<Key>?, _ key: Key) -> LooseValue? {
        do {
            guard let value = try fields?.decodeIfPresent(LooseValue.self, forKey: key) else { return nil }
            if case .text(let text) = value, text.allSatisfy(\.isWhitespace) { return nil }
            return value
        } catch {
            return nil  // A `LooseValue` takes everything: only a missing key gets here.
        }
    }

    /// Nil where it is absent or empty.
    mutating func object<Key, Inner>(
        _ fields: KeyedDecodingContainer<Key>?, _ key: Key, _ type: Inner.Type
    ) -> KeyedDecodingContainer<Inner>? {
        switch value(fields, key) {
        case nil, .list(isEmpty: true)?: return nil
        case .object?:
            do { return try fields?.nestedContainer(keyedBy: type, forKey: key) } catch { break }
        case .text?, .number?, .bool?, .list?: break
        }
        blame(fields, key, "must be an object")
        return nil
    }

    /// A text without blanks at its ends, or a number as text.
    mutating func text<Key>(
        _ fields: KeyedDecodingContainer<Key>?, _ key: Key, _ characters: ClosedRange<Int>
    ) -> String? {
        guard let value = value(fields, key) else { return nil }
        guard let text = Self.text(value) else {
            blame(fields, key, "must be a text")
            return nil
        }
        guard characters.contains(text.unicodeScalars.count) else {
            blame(fields, key, "must be of \(characters.lowerBound) to \(characters.upperBound) characters")
            return nil
        }
        return text
    }

    /// Nil for what is neither text nor number.
    static func text(_ value: LooseValue) -> String? {
        switch value {
        case .text(let text): trimmed(text)
        case .number(let number): number.description
        case .bool, .list, .object: nil
        }
    }

    mutating func bool<Key>(_ fields: KeyedDecodingContainer<Key>?, _ key: Key) -> Bool? {
        guard let value = value(fields, key) else { return nil }
        if case .bool(let bool) = value { return bool }
        switch Self.text(value)?.lowercased() {
        case "true"?, "1"?, "yes"?: return true
        case "false"?, "0"?, "no"?: return false
        case .some, nil:
            blame(fields, key, "must be true or false")
            return nil
        }
    }

    /// Every entry that is a text or a number, without those that are empty.
    mutating func texts<Key>(
        _ fields: KeyedDecodingContainer<Key>?, _ key: Key, atMost count: Int, of characters: Int
    ) -> [String] {
        let words = "must be up to \(count) texts of 1 to \(characters) characters"
        switch value(fields, key) {
        case nil: return []
        case .list?: break
        case .text?, .number?, .bool?, .object?:
            blame(fields, key, words)
            return []
        }
        var texts: [String] = []
        do {
            guard var list = try fields?.nestedUnkeyedContainer(forKey: key) else { return [] }
            while !list.isAtEnd {
                guard let value = try list.decodeIfPresent(LooseValue.self) else { continue }
                guard let text = Self.text(value), text.unicodeScalars.count <= characters, texts.count < count else {
                    blame(fields, key, words)
                    return []
                }
                if !text.isEmpty { texts.append(text) }
            }
        } catch {
            blame(fields, key, words)
        }
        return texts
    }

    private static func trimmed(_ text: String) -> String {
        guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
