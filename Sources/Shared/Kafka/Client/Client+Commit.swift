import Base
import CRdKafka

extension Client {
    /// Commits as a member of the group and waits for the answer, at most until the deadline. From any thread.
    func commit(
        _ topic: String, _ offsets: [Int32: Int64], notes: [Int32: String], until deadline: Deadline
    ) -> KafkaError? {
        let answers = rd_kafka_queue_new(raw)
        defer { rd_kafka_queue_destroy(answers) }
        let list = TopicPartitions(topic: topic, offsets: offsets, notes: notes)
        let code = list.use { rd_kafka_commit_queue(raw, $0, answers, nil, nil) }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return KafkaError(code) }
        guard let event = rd_kafka_queue_poll(answers, deadline.milliseconds) else {
            return KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT)
        }
        defer { rd_kafka_event_destroy(event) }
        let answer = rd_kafka_event_error(event)
        return answer == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(answer)
    }
}
