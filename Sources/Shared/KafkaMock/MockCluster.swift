import Base
import CMockPort
import CRdKafka
import Glibc
import Kafka

/// Why a mock cluster did not start.
public struct MockClusterError: Error, Sendable, CustomStringConvertible {
    public let message: String
    public var description: String { message }
}

/// librdkafka's mock brokers on loopback: good for a sandbox and for fault injection, not a Kafka. Transactions only
/// pretend, nothing is compacted, each partition keeps its last 5 MiB, offsets by time answer −1.
public final class MockCluster: Sendable {
    /// Kafka protocol numbers of the requests whose answers tests spoil.
    public enum Request: Int16, Sendable {
        case produce = 0
        case fetch = 1
        case listOffsets = 2
        case metadata = 3
        case offsetCommit = 8
        case offsetFetch = 9
        case findCoordinator = 10
        case joinGroup = 11
        case heartbeat = 12
        case syncGroup = 14
        case initProducerId = 22
        case addPartitionsToTransaction = 24
        case addOffsetsToTransaction = 25
        case endTransaction = 26
        case transactionalOffsetCommit = 28
    }

    /// `host:port` by comma, what clients are given.
    public let bootstrapServers: String
    /// The brokers' ids, from 1.
    public let brokers: ClosedRange<Int32>
    private let cluster: Cluster

    /// - Parameter port: fixed loopback port of broker 1; nil lets the system choose. The others always get free ones.
    public init(brokers: Int = 1, port: UInt16? = nil) throws(MockClusterError) {
        if let port {
            let problem = otp_mock_port_problem(port)
            guard problem == 0 else {
                throw MockClusterError(message: "port \(port): \(String(cString: strerror(problem)))")
            }
        }
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "log_level", "3", nil, 0)
        guard let rk = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else {
            throw MockClusterError(message: "librdkafka made no instance for the mock cluster")
        }
        _ = otp_mock_next_port(port ?? 0)
        let made = rd_kafka_mock_cluster_new(rk, Int32(brokers))
        _ = otp_mock_next_port(0)
        guard let made, let servers = rd_kafka_mock_cluster_bootstraps(made) else {
            rd_kafka_destroy(rk)
            throw MockClusterError(message: "librdkafka made no mock cluster")
        }
        bootstrapServers = String(cString: servers)
        self.brokers = 1...Int32(brokers)
        cluster = Cluster(rk: rk, mock: made)
    }

    /// Topics that appear by themselves have 4 partitions, so they are made before anybody asks for them.
    public func createTopic(_ name: String, partitions: Int32) {
        cluster.use { rd_kafka_mock_topic_create($0, name, partitions, 1) }
    }

    /// All in about the time of one: the brokers' thread comes by only now and then, and then takes all that wait for
    /// it.
    public func createTopics(_ topics: [(name: String, partitions: Int32)]) {
        cluster.use { mock in
            // As a number: a pointer does not go from thread to thread.
            let (address, left) = (Int(bitPattern: mock), Monitor(topics.count))
            for (name, partitions) in topics {
                OwnedThread.start("topic of the mock") {
                    rd_kafka_mock_topic_create(OpaquePointer(bitPattern: address), name, partitions, 1)
                    left.update { $0 -= 1 }
                }
            }
            while left.wait(until: .after(.seconds(3600)), { $0 == 0 ? true : nil }) == nil {}
        }
    }

    /// The next requests of that kind are answered with these codes, one each (0: answered normally).
    public func pushErrors(_ request: Request, _ codes: [Int32]) {
        let errors = codes.map { rd_kafka_resp_err_t(rawValue: $0) }
        cluster.use { rd_kafka_mock_push_request_errors_array($0, request.rawValue, errors.count, errors) }
    }

    public func clearErrors(_ request: Request) {
        cluster.use { rd_kafka_mock_clear_request_errors($0, request.rawValue) }
    }

    /// The broker closes its connections and takes no new ones until it is up again.
    public func setBrokerDown(_ id: Int32) { cluster.use { _ = rd_kafka_mock_broker_set_down($0, id) } }
    public func setBrokerUp(_ id: Int32) { cluster.use { _ = rd_kafka_mock_broker_set_up($0, id) } }

    /// Every answer of that broker is that much later.
    public func setRoundTrip(_ id: Int32, milliseconds: Int32) {
        cluster.use { _ = rd_kafka_mock_broker_set_rtt($0, id, milliseconds) }
    }

    public func setLeader(_ topic: String, _ partition: Int32, broker: Int32) {
        cluster.use { _ = rd_kafka_mock_partition_set_leader($0, topic, partition, broker) }
    }

    public func setCoordinator(group: String, broker: Int32) {
        cluster.use { _ = rd_kafka_mock_coordinator_set($0, "group", group, broker) }
    }

    /// All later answers about this topic carry that code; 0 ends it.
    public func setTopicError(_ topic: String, _ code: Int32) {
        cluster.use { rd_kafka_mock_topic_set_error($0, topic, rd_kafka_resp_err_t(rawValue: code)) }
    }

    /// Ends the brokers; also done when the cluster is dropped.
    public func close() { cluster.close() }
}
