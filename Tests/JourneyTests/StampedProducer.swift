import CRdKafka
import Kafka
import TestWorld

/// Writes records with times of their own, as any client of a broker can.
final class StampedProducer {
    private let raw: OpaquePointer

    init(_ brokers: String) throws {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "bootstrap.servers", brokers, nil, 0)
        guard let raw = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else { throw WorldError("no producer") }
        self.raw = raw
    }

    deinit { rd_kafka_destroy(raw) }

    /// The record again, in its partition, with that time.
    func send(_ record: IncomingRecord, at timestamp: Int64) throws {
        let headers = rd_kafka_headers_new(record.headers.count)
        for header in record.headers {
            header.value.withUnsafeBytes {
                _ = rd_kafka_header_add(headers, header.name, -1, $0.baseAddress, $0.count)
            }
        }
        let error = record.topic.withCString { topic in
            (record.key ?? []).withUnsafeBytes { key in
                (record.value ?? []).withUnsafeBytes { value in
                    var units = [
                        unit(RD_KAFKA_VTYPE_TOPIC) { $0.cstr = topic },
                        unit(RD_KAFKA_VTYPE_PARTITION) { $0.i32 = record.partition },
                        // Copy the bytes (RD_KAFKA_MSG_F_COPY).
                        unit(RD_KAFKA_VTYPE_MSGFLAGS) { $0.i = 2 },
                        unit(RD_KAFKA_VTYPE_TIMESTAMP) { $0.i64 = timestamp },
                        unit(RD_KAFKA_VTYPE_KEY) { $0.mem = memory(key) },
                        unit(RD_KAFKA_VTYPE_VALUE) { $0.mem = memory(value) },
                        unit(RD_KAFKA_VTYPE_HEADERS) { $0.headers = headers },
                    ]
                    return rd_kafka_produceva(raw, &units, units.count)
                }
            }
        }
        guard error == nil else { throw WorldError("not produced") }
    }

    func flush() { rd_kafka_flush(raw, 20_000) }

    private typealias Union = rd_kafka_vu_t.__Unnamed_union_u

    private func unit(_ type: rd_kafka_vtype_t, _ set: (inout Union) -> Void) -> rd_kafka_vu_t {
        var unit = rd_kafka_vu_t()
        unit.vtype = type
        set(&unit.u)
        return unit
    }

    private func memory(_ bytes: UnsafeRawBufferPointer) -> Union.__Unnamed_struct_mem {
        .init(ptr: UnsafeMutableRawPointer(mutating: bytes.baseAddress), size: bytes.count)
    }
}
