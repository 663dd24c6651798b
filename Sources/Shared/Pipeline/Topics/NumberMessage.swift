import Kafka
import Model

/// The rows of `otp.numbers` as they stand on the topic: phones and ranges, told apart by their type.
public enum NumberMessage {
    public static let phone = "phone-texts"
    public static let range = "range-texts"

    /// A row, or with nil its tombstone; in the partition that the row's requests are in.
    public static func record(_ key: NumberKey, _ row: NumberRow?, partition: Int32, _ topology: Topology)
        -> OutgoingRecord
    {
        let (type, value): (String, [UInt8]?)
        switch row {
        case .phone(let row)?: (type, value) = (phone, Wire.encode(row))
        case .range(let row)?: (type, value) = (range, Wire.encode(row))
        case nil: (type, value) = ("tombstone", nil)
        }
        var record = Wire.record(Catalogue.numbers, topology, key: key.text, type: type, value: value)
        record.partition = partition
        return record
    }

    /// The key and what stands there now; nil is a tombstone.
    public static func read(_ record: IncomingRecord) throws(WireProblem) -> (NumberKey, NumberRow?) {
        guard let key = NumberKey(try Wire.key(of: record)) else { throw WireProblem("the key is no keyed hash") }
        guard record.value != nil else { return (key, nil) }
        switch try Wire.type(of: record) {
        case phone: return (key, .phone(try Wire.decode(PhoneTexts.self, from: record)))
        case range: return (key, .range(try Wire.decode(RangeTexts.self, from: record)))
        default: throw WireProblem("unknown type")
        }
    }
}
