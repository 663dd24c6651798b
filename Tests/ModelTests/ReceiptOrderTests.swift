import Model
import Testing

@Suite("Delivery reports in any order")
struct ReceiptOrderTests {
    enum Arrival: CaseIterable {
        case answer, sent, delivered, undelivered
    }

    private static func take(_ arrival: Arrival, _ tale: inout SendJobTests.Tale) -> [SendJob.Event] {
        func receipt(_ outcome: DeliveryReceipt.Outcome) -> SendJob.Command {
            .receipt(
                DeliveryReceipt(
                    number: 1, messageId: "SM1", outcome: outcome, reason: outcome == .failed ? "30005" : nil,
                    fault: outcome == .failed ? .number : nil))
        }
        switch arrival {
        case .answer: return tale.attempt(.accepted(messageId: "SM1"))
        case .sent: return tale.take(receipt(.sent))
        case .delivered: return tale.take(receipt(.delivered), after: 86_400_000)
        case .undelivered: return tale.take(receipt(.failed))
        }
    }

    private static func orders(_ rest: [Arrival]) -> [[Arrival]] {
        guard !rest.isEmpty else { return [[]] }
        return rest.indices.flatMap { index in
            var others = rest
            let first = others.remove(at: index)
            return orders(others).map { [first] + $0 }
        }
    }

    @Test("duplicated, before the answer, a day late: one acceptance, one delivery, once")
    func delivered() {
        for order in Self.orders([.answer, .sent, .sent, .delivered, .delivered]) {
            var tale = SendJobTests.Tale.intended()
            let events = order.flatMap { Self.take($0, &tale) }
            #expect(events == [.accepted(messageId: "SM1"), .delivered], "\(order)")
            #expect(tale.job?.isDelivered == true && tale.job?.state == .accepted)
        }
    }

    @Test("a failure is told once, and what overtook it or comes after it changes nothing")
    func failed() {
        for order in Self.orders([.answer, .sent, .undelivered, .undelivered]) {
            var tale = SendJobTests.Tale.intended()
            let events = order.flatMap { Self.take($0, &tale) }
            #expect(
                events == [.accepted(messageId: "SM1"), .failed(reason: "30005", fault: .number)], "\(order)")
            #expect(tale.job?.state == .failed)
        }
    }

    @Test("of contradicting reports the first one holds: an outcome is told once")
    func contradiction() {
        for order in Self.orders([.answer, .delivered, .undelivered]) {
            var tale = SendJobTests.Tale.intended()
            let events = order.flatMap { Self.take($0, &tale) }
            let isDelivered = order.first { $0 != .answer } == .delivered
            #expect(
                events.dropFirst() == [isDelivered ? .delivered : .failed(reason: "30005", fault: .number)], "\(order)")
        }
    }
}
