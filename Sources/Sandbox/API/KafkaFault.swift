import KafkaMock
import Pipeline

/// How the mock Kafka is told to misbehave; every member is one wish, all of a request are done in order.
struct KafkaFault: Sendable, Decodable {
    /// The next requests of one kind are answered with a protocol error; −195 drops the connection instead.
    struct Answers: Sendable, Decodable {
        var api: API
        var code: Int32
        var times: Int?
    }

    struct Leader: Sendable, Decodable {
        /// Without the prefix, for example `attempts`.
        var topic: String
        var partition: Int32
        var broker: Int32
    }

    struct Coordinator: Sendable, Decodable {
        /// Without the prefix, for example `sender`.
        var group: String
        var broker: Int32
    }

    enum API: String, Sendable, Decodable, CaseIterable {
        case produce, fetch, listOffsets, metadata, offsetCommit, offsetFetch, findCoordinator, joinGroup, heartbeat
        case syncGroup, initProducerId

        var request: MockCluster.Request {
            switch self {
            case .produce: .produce
            case .fetch: .fetch
            case .listOffsets: .listOffsets
            case .metadata: .metadata
            case .offsetCommit: .offsetCommit
            case .offsetFetch: .offsetFetch
            case .findCoordinator: .findCoordinator
            case .joinGroup: .joinGroup
            case .heartbeat: .heartbeat
            case .syncGroup: .syncGroup
            case .initProducerId: .initProducerId
            }
        }
    }

    static let longestStack = 1000

    var errors: [Answers]?
    /// True: every broker closes its connections and takes none until false is said.
    var down: Bool?
    /// Every answer of every broker comes that much later.
    var roundTripMs: Int32?
    var leader: Leader?
    var coordinator: Coordinator?

    /// What is wrong with it, in words; nil when it can be done.
    func problem(brokers: Int, _ topology: Topology) -> String? {
        if errors == nil, down == nil, roundTripMs == nil, leader == nil, coordinator == nil {
            return "errors, down, roundTripMs, leader or coordinator is missing"
        }
        for answers in errors ?? [] where !(1...Self.longestStack).contains(answers.times ?? 1) {
            return "times must be 1 to \(Self.longestStack)"
        }
        if let roundTripMs, !(0...60_000).contains(roundTripMs) { return "roundTripMs must be 0 to 60000" }
        for broker in [leader?.broker, coordinator?.broker].compactMap(\.self)
        where !(1...brokers).contains(Int(broker)) {
            return "broker must be 1 to \(brokers)"
        }
        guard let leader else { return nil }
        guard Catalogue.all.contains(where: { $0.name == leader.topic }) else { return "there is no such topic" }
        return (0..<topology.partitions).contains(leader.partition) ? nil : "there is no such partition"
    }

    func apply(to cluster: MockCluster, _ topology: Topology) {
        for answers in errors ?? [] {
            cluster.pushErrors(answers.api.request, Array(repeating: answers.code, count: answers.times ?? 1))
        }
        for broker in cluster.brokers {
            if let roundTripMs { cluster.setRoundTrip(broker, milliseconds: roundTripMs) }
            if let down { down ? cluster.setBrokerDown(broker) : cluster.setBrokerUp(broker) }
        }
        if let leader { cluster.setLeader(topology.prefix + leader.topic, leader.partition, broker: leader.broker) }
        if let coordinator {
            cluster.setCoordinator(group: topology.group(of: coordinator.group), broker: coordinator.broker)
        }
    }

    /// All brokers up and prompt, no error waiting. Who leads what stays as it is.
    static func clear(_ cluster: MockCluster) {
        for api in API.allCases { cluster.clearErrors(api.request) }
        for broker in cluster.brokers {
            cluster.setRoundTrip(broker, milliseconds: 0)
            cluster.setBrokerUp(broker)
        }
    }
}
