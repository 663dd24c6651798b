import Base
import CRdKafka

/// Makes sure that topics are as declared: metadata first, creates only what is missing, then compares. Differences are
/// never repaired here: a changed policy or partition count is an operator's decision.
public enum TopicAdmin {
    /// Blocks up to the deadline. Throws one sentence per difference, or why the cluster could not be asked.
    /// librdkafka's mock can neither create nor describe: there only partitions are compared, with a warning.
    public static func ensure(
        _ topics: [TopicDeclaration], _ settings: KafkaSettings, deadline: Duration
    ) throws(TopicAdminError) -> [TopicWarning] {
        let limit = Deadline.after(deadline)
        let known: [String: Int32]
        let isMock: Bool
        let requests: AdminRequests
        do throws(KafkaError) {
            requests = AdminRequests(try Client(.producer, settings, []))
            (known, isMock) = try complete(topics, requests, limit)
        } catch {
            throw TopicAdminError(problems: ["\(error)"], isRetriable: error.isRetriable)
        }
        var problems = topics.flatMap { topic -> [String] in
            guard let count = known[topic.name] else { return ["topic \(topic.name) is missing"] }
            if count == topic.partitions { return [] }
            return ["topic \(topic.name) has \(count) partitions instead of \(topic.partitions)"]
        }
        if isMock {
            guard problems.isEmpty else { throw TopicAdminError(problems: problems, isRetriable: false) }
            return [TopicWarning(message: "a mock cluster can't be asked how its topics are configured")]
        }
        let warnings: [String]
        do throws(KafkaError) {
            let actual = try requests.configurations(topics.map(\.name).filter { known[$0] != nil }, until: limit)
            for topic in topics { problems += differences(topic, actual[topic.name] ?? [:]) }
            // A topic made by an older version, or by hand: it works, and says so at each start.
            warnings = topics.flatMap { topic in
                let known = actual[topic.name] ?? [:]
                return differences(topic.name, topic.preferred.filter { known[$0.key] != nil }, known)
            }
        } catch {
            throw TopicAdminError(problems: problems + ["\(error)"], isRetriable: error.isRetriable)
        }
        guard problems.isEmpty else { throw TopicAdminError(problems: problems, isRetriable: false) }
        return warnings.map(TopicWarning.init)
    }

    /// Creates what is missing and waits until the cluster shows it.
    private static func complete(
        _ topics: [TopicDeclaration], _ requests: AdminRequests, _ limit: Deadline
    ) throws(KafkaError) -> (known: [String: Int32], isMock: Bool) {
        var known = try requests.partitionCounts(until: limit)
        let isMock = requests.isMock(until: limit)
        let missing = topics.filter { known[$0.name] == nil }
        guard !missing.isEmpty, !isMock else { return (known, isMock) }
        try requests.create(missing, until: limit)
        while !missing.allSatisfy({ known[$0.name] != nil }) && !limit.hasPassed {
            known = try requests.partitionCounts(until: limit)
        }
        return (known, isMock)
    }

    static func differences(_ topic: TopicDeclaration, _ actual: [String: String]) -> [String] {
        differences(topic.name, topic.configuration, actual)
    }

    private static func differences(_ topic: String, _ wanted: [String: String], _ actual: [String: String]) -> [String]
    {
        guard !actual.isEmpty else { return [] }
        return wanted.sorted { $0.key < $1.key }.compactMap { name, wanted in
            let found = actual[name]
            guard normal(found ?? "") != normal(wanted) else { return nil }
            return "topic \(topic) has \(name)=\(found ?? "(unknown)") instead of \(wanted)"
        }
    }

    /// A broker prints lists in its own order (`compact,delete`).
    private static func normal(_ value: String) -> [String] {
        value.split(separator: ",").map { String($0.filter { $0 != " " }) }.sorted()
    }
}
