import CRdKafka

extension Client {
    struct TopicShape: Sendable {
        let name: String
        let partitions: Int32
        let error: KafkaError?
    }

    /// Learns a topic's partitions and leaders; blocks at most that long. Trouble is only logged: whoever needs the
    /// topic next asks again.
    func warm(_ topic: String, _ milliseconds: Int32) {
        do throws(KafkaError) {
            _ = try shape(of: topic, milliseconds)
        } catch {
            settings.log(5, "METADATA", "\(topic): \(error)")
        }
    }

    /// Number of partitions of a topic. Throws what the cluster says about it.
    func shape(of topic: String, _ milliseconds: Int32) throws(KafkaError) -> TopicShape {
        guard let handle = self.topic(topic) else { throw KafkaError(rd_kafka_last_error()) }
        guard let shape = try metadata(only: handle, milliseconds).first else {
            throw KafkaError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        }
        if let error = shape.error { throw error }
        return shape
    }

    /// All topics of the cluster, or one by its handle.
    func metadata(only handle: OpaquePointer?, _ milliseconds: Int32) throws(KafkaError) -> [TopicShape] {
        var answer: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(raw, handle == nil ? 1 : 0, handle, &answer, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else { throw KafkaError(code) }
        defer { rd_kafka_metadata_destroy(answer) }
        return (0..<Int(answer.pointee.topic_cnt)).map { index in
            let topic = answer.pointee.topics[index]
            return TopicShape(
                name: String(cString: topic.topic), partitions: topic.partition_cnt,
                error: topic.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(topic.err))
        }
    }
}
