import CRdKafka

/// What librdkafka or a broker answered, with the three properties that decide what to do next: repeat the same call
/// (`isRetriable`), abort the transaction (`requiresAbort`), or give the client up (`isFatal`).
public struct KafkaError: Error, Equatable, Sendable, CustomStringConvertible {
    /// librdkafka's number: below zero its own (`_QUEUE_FULL`), above zero the broker's.
    public let code: Int32
    /// The symbolic name, such as `_QUEUE_FULL` or `NOT_LEADER_FOR_PARTITION`.
    public let name: String
    public let message: String
    public let isRetriable: Bool
    public let isFatal: Bool
    public let requiresAbort: Bool

    public init(
        code: Int32, name: String? = nil, message: String? = nil, isRetriable: Bool? = nil, isFatal: Bool? = nil,
        requiresAbort: Bool = false
    ) {
        let raw = rd_kafka_resp_err_t(rawValue: code)
        self.code = code
        self.name = name ?? rd_kafka_err2name(raw).map { String(cString: $0) } ?? "\(code)"
        self.message = message ?? rd_kafka_err2str(raw).map { String(cString: $0) } ?? "error \(code)"
        self.isRetriable = isRetriable ?? Self.transientCodes.contains(code)
        self.isFatal = isFatal ?? (raw == RD_KAFKA_RESP_ERR__FATAL || raw == RD_KAFKA_RESP_ERR__FENCED)
        self.requiresAbort = requiresAbort
    }

    public var description: String { "\(name): \(message)" }

    init(_ raw: rd_kafka_resp_err_t, _ message: String? = nil, isRetriable: Bool? = nil) {
        self.init(code: raw.rawValue, message: message, isRetriable: isRetriable)
    }

    /// Takes over an error object and frees it; nil stands for success.
    init?(taking error: OpaquePointer?) {
        guard let error else { return nil }
        defer { rd_kafka_error_destroy(error) }
        self.init(
            code: rd_kafka_error_code(error).rawValue,
            message: rd_kafka_error_string(error).map { String(cString: $0) },
            isRetriable: rd_kafka_error_is_retriable(error) != 0, isFatal: rd_kafka_error_is_fatal(error) != 0,
            requiresAbort: rd_kafka_error_txn_requires_abort(error) != 0)
    }

    func has(_ raw: rd_kafka_resp_err_t) -> Bool { code == raw.rawValue }

    /// The same trouble, marked as safe to send again: what a rebuilt producer answers for its pending messages.
    func retriable(_ prefix: String) -> KafkaError {
        KafkaError(code: code, name: name, message: "\(prefix): \(message)", isRetriable: true, isFatal: false)
    }
}

extension KafkaError {
    /// Troubles of the environment that pass: the same message or call may be tried again.
    static let transientCodes: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
            RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
            RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__WAIT_CACHE,
            RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS, RD_KAFKA_RESP_ERR__IN_PROGRESS, RD_KAFKA_RESP_ERR__RETRY,
            RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
            RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
            RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
            RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT,
        ].map(\.rawValue))

    /// The record itself is what the broker or the client refuses: sending it again can't help. Everything else that
    /// aborts a transaction (time-outs, rebalances, fencing, missing topics) says nothing about the message.
    var blamesRecord: Bool { Self.recordCodes.contains(code) }

    private static let recordCodes: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
            RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE,
            RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR__BAD_MSG,
        ].map(\.rawValue))
}
