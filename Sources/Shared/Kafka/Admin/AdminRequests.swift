import Base
import CRdKafka

/// The few administrative requests we make, each blocking until its deadline.
struct AdminRequests {
    private let client: Client

    init(_ client: Client) { self.client = client }

    func partitionCounts(until limit: Deadline) throws(KafkaError) -> [String: Int32] {
        let shapes = try client.metadata(only: nil, limit.milliseconds)
        return Dictionary(
            shapes.filter { $0.error == nil && $0.partitions > 0 }.map { ($0.name, $0.partitions) }
        ) { first, _ in first }
    }

    /// librdkafka names its mock clusters so.
    func isMock(until limit: Deadline) -> Bool {
        guard let id = rd_kafka_clusterid(client.raw, limit.milliseconds) else { return false }
        defer { rd_kafka_mem_free(client.raw, id) }
        return String(cString: id).hasPrefix("mockCluster")
    }

    /// Another process may be creating the same: "already exists" is success.
    /// What is preferred is left out for a broker that does not know it.
    func create(_ topics: [TopicDeclaration], until limit: Deadline) throws(KafkaError) {
        do throws(KafkaError) {
            try create(topics, limit) { $0.configuration.merging($0.preferred) { fixed, _ in fixed } }
        } catch {
            guard error.has(RD_KAFKA_RESP_ERR_INVALID_CONFIG) else { throw error }
            try create(topics, limit, \.configuration)
        }
    }

    private func create(
        _ topics: [TopicDeclaration], _ limit: Deadline, _ configuration: (TopicDeclaration) -> [String: String]
    ) throws(KafkaError) {
        var handles: [OpaquePointer?] = []
        defer { for case let handle? in handles { rd_kafka_NewTopic_destroy(handle) } }
        var text = [CChar](repeating: 0, count: 512)
        for topic in topics {
            guard
                let handle = rd_kafka_NewTopic_new(
                    topic.name, topic.partitions, Int32(topic.replication), &text, text.count)
            else { throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, "topic \(topic.name) can't be described") }
            for (name, value) in configuration(topic) { rd_kafka_NewTopic_set_config(handle, name, value) }
            handles.append(handle)
        }
        try request(RD_KAFKA_ADMIN_OP_CREATETOPICS, limit) { options, queue in
            rd_kafka_CreateTopics(client.raw, &handles, handles.count, options, queue)
        } answer: { event throws(KafkaError) in
            var count = 0
            guard let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
            else { return }
            for index in 0..<count {
                let code = rd_kafka_topic_result_error(results[index])
                if code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS { continue }
                let name = rd_kafka_topic_result_name(results[index]).map { String(cString: $0) } ?? "?"
                let reason = rd_kafka_topic_result_error_string(results[index]).map { String(cString: $0) }
                throw KafkaError(code, "topic \(name) was not created: \(reason ?? "no reason given")")
            }
        }
    }

    /// Every property of each topic as the broker prints it.
    func configurations(
        _ names: [String], until limit: Deadline
    ) throws(KafkaError) -> [String: [String: String]] {
        guard !names.isEmpty else { return [:] }
        var resources: [OpaquePointer?] = names.map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
        defer { for case let resource? in resources { rd_kafka_ConfigResource_destroy(resource) } }
        var found: [String: [String: String]] = [:]
        try request(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, limit) { options, queue in
            rd_kafka_DescribeConfigs(client.raw, &resources, resources.count, options, queue)
        } answer: { event throws(KafkaError) in
            var count = 0
            guard
                let results = rd_kafka_DescribeConfigs_result_resources(
                    rd_kafka_event_DescribeConfigs_result(event), &count)
            else { return }
            for index in 0..<count {
                let code = rd_kafka_ConfigResource_error(results[index])
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code) }
                guard let name = rd_kafka_ConfigResource_name(results[index]) else { continue }
                found[String(cString: name)] = Self.entries(of: results[index])
            }
        }
        return found
    }

    private static func entries(of resource: OpaquePointer?) -> [String: String] {
        var count = 0
        guard let entries = rd_kafka_ConfigResource_configs(resource, &count) else { return [:] }
        var result: [String: String] = [:]
        for index in 0..<count {
            guard let name = rd_kafka_ConfigEntry_name(entries[index]),
                let value = rd_kafka_ConfigEntry_value(entries[index])
            else { continue }
            result[String(cString: name)] = String(cString: value)
        }
        return result
    }

    private func request(
        _ operation: rd_kafka_admin_op_t, _ limit: Deadline, send: (OpaquePointer?, OpaquePointer?) -> Void,
        answer: (OpaquePointer) throws(KafkaError) -> Void
    ) throws(KafkaError) {
        let queue = rd_kafka_queue_new(client.raw)
        defer { rd_kafka_queue_destroy(queue) }
        let options = rd_kafka_AdminOptions_new(client.raw, operation)
        defer { rd_kafka_AdminOptions_destroy(options) }
        var text = [CChar](repeating: 0, count: 512)
        let milliseconds = max(limit.milliseconds, 100)
        rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, &text, text.count)
        send(options, queue)
        guard let event = rd_kafka_queue_poll(queue, milliseconds + 500) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT)
        }
        defer { rd_kafka_event_destroy(event) }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(code, rd_kafka_event_error_string(event).map { String(cString: $0) })
        }
        try answer(event)
    }
}
