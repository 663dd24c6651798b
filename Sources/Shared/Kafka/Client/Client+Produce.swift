import CRdKafka

extension Client {
    /// Queues one record; never blocks. The id comes back in the delivery report.
    /// - Returns: why it was not queued (`_QUEUE_FULL`, `MSG_SIZE_TOO_LARGE`, …), nil when it was.
    func produce(_ record: OutgoingRecord, id: UInt) -> KafkaError? {
        guard let topic = topic(record.topic) else { return KafkaError(rd_kafka_last_error()) }
        guard let headers = Self.headerList(record.headers) else { return KafkaError(RD_KAFKA_RESP_ERR__FAIL) }
        let result = Self.withBytes(record.key) { key in
            Self.withBytes(record.value) { value in
                var units = [
                    rd_kafka_vu_t(RD_KAFKA_VTYPE_RKT) { $0.rkt = topic },
                    // Copy the bytes: ours are gone when this call returns (RD_KAFKA_MSG_F_COPY).
                    rd_kafka_vu_t(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = 2 },
                    rd_kafka_vu_t(RD_KAFKA_VTYPE_OPAQUE) { $0.ptr = UnsafeMutableRawPointer(bitPattern: id) },
                    rd_kafka_vu_t(RD_KAFKA_VTYPE_PARTITION) { $0.i32 = record.partition ?? -1 },
                    rd_kafka_vu_t(RD_KAFKA_VTYPE_VALUE) { $0.mem = value },
                    rd_kafka_vu_t(RD_KAFKA_VTYPE_KEY) { $0.mem = key },
                    rd_kafka_vu_t(RD_KAFKA_VTYPE_HEADERS) { $0.headers = headers },
                ]
                return KafkaError(taking: rd_kafka_produceva(raw, &units, units.count))
            }
        }
        if result != nil { rd_kafka_headers_destroy(headers) }
        // These error objects never call themselves retriable; a full queue is.
        return result.map { KafkaError(code: $0.code, message: $0.message, isFatal: $0.isFatal) }
    }

    private typealias Memory = rd_kafka_vu_t.__Unnamed_union_u.__Unnamed_struct_mem

    /// Null and empty differ in Kafka: nil gives a null pointer, an empty array a pointer to nothing.
    private static func withBytes<R>(_ bytes: [UInt8]?, _ body: (Memory) -> R) -> R {
        guard let bytes else { return body(Memory(ptr: nil, size: 0)) }
        guard !bytes.isEmpty else { return withBytes([0]) { body(Memory(ptr: $0.ptr, size: 0)) } }
        return bytes.withUnsafeBytes { buffer in
            body(Memory(ptr: UnsafeMutableRawPointer(mutating: buffer.baseAddress), size: buffer.count))
        }
    }

    private static func headerList(_ headers: [KafkaHeader]) -> OpaquePointer? {
        guard let list = rd_kafka_headers_new(headers.count) else { return nil }
        for header in headers {
            withBytes(header.value) { value in
                _ = rd_kafka_header_add(list, header.name, -1, value.ptr, value.size)
            }
        }
        return list
    }
}

extension rd_kafka_vu_t {
    fileprivate init(_ type: rd_kafka_vtype_t, _ set: (inout __Unnamed_union_u) -> Void) {
        self.init()
        vtype = type
        set(&u)
    }
}
