/// One header of a record. Names may repeat; the value is bytes, mostly UTF-8 text.
public struct KafkaHeader: Equatable, Sendable {
    public let name: String
    public let value: [UInt8]

    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }

    public init(_ name: String, _ text: String) {
        self.init(name: name, value: Array(text.utf8))
    }

    /// The value as text, nil when it is not UTF-8.
    public var text: String? { String(validating: value, as: UTF8.self) }
}

/// A record to be produced. `partition` nil: murmur2 of the key, as Java does; value nil: a tombstone.
public struct OutgoingRecord: Equatable, Sendable {
    public var topic: String
    public var partition: Int32?
    public var key: [UInt8]?
    public var value: [UInt8]?
    public var headers: [KafkaHeader]

    public init(
        topic: String, partition: Int32? = nil, key: [UInt8]?, value: [UInt8]?, headers: [KafkaHeader] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// Bytes of key, value and headers.
    var size: Int {
        headers.reduce((key?.count ?? 0) + (value?.count ?? 0)) { $0 + $1.name.utf8.count + $1.value.count }
    }
}

/// A record as it stands in the log. `timestamp` is milliseconds since 1970, within years 1970 to 9999.
public struct IncomingRecord: Equatable, Sendable {
    public let topic: String
    public let partition: Int32
    public let offset: Int64
    public let timestamp: Int64
    public let key: [UInt8]?
    public let value: [UInt8]?
    public let headers: [KafkaHeader]

    public init(
        topic: String, partition: Int32, offset: Int64, timestamp: Int64, key: [UInt8]?, value: [UInt8]?,
        headers: [KafkaHeader] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// The last header of that name as text; nil when it is missing or not UTF-8.
    public func header(_ name: String) -> String? {
        headers.last { $0.name == name }?.text
    }
}

/// Where an acknowledged record stands.
public struct Delivery: Equatable, Sendable {
    public let partition: Int32
    public let offset: Int64

    public init(partition: Int32, offset: Int64) {
        self.partition = partition
        self.offset = offset
    }
}
