import Base

/// What other threads tell a polling thread: reports of its workers and the wish to stop. Posting wakes the poll.
final class Mailbox<Report: Sendable>: Sendable {
    private struct Content {
        var reports: [Report] = []
        var stop: Deadline?
        var failure: KafkaError?
    }

    private let content = Monitor(Content())
    private let waker: ConsumerWaker

    init(_ waker: ConsumerWaker) { self.waker = waker }

    func post(_ report: Report) {
        content.update { $0.reports.append(report) }
        waker.wake()
    }

    func askToStop(by deadline: Deadline) {
        content.update { $0.stop = $0.stop.map { min($0, deadline) } ?? deadline }
        waker.wake()
    }

    /// Ends the thread with that error.
    func fail(_ error: KafkaError) {
        content.update { $0.failure = $0.failure ?? error }
        waker.wake()
    }

    var stop: Deadline? { content.read(\.stop) }

    var failure: KafkaError? { content.read(\.failure) }

    func takeReports() -> [Report] {
        content.update { content in
            defer { content.reports = [] }
            return content.reports
        }
    }

    /// Waits for reports; empty at the deadline.
    func awaitReports(until deadline: Deadline) -> [Report] {
        content.wait(until: deadline) { content in
            guard !content.reports.isEmpty else { return nil }
            defer { content.reports = [] }
            return content.reports
        } ?? []
    }
}
