import Testing

@testable import Sandbox

@Suite("The demonstration's verdict")
struct DemoOrderTests {
    private static func outcomes(_ kinds: [String]) -> [DemoOrder.Outcome] {
        kinds.enumerated().map { index, text in
            let words = text.split(separator: " ").map(String.init)
            return .init(id: "\(index)", kind: words[0], by: words.count > 1 ? words[1] : nil)
        }
    }

    private static let verified = DemoOrder(
        fate: .verified, gid: "1", name: "#1", phone: "+1", texts: 1, tags: ["otp-verified", "vip"], note: "n",
        outcomes: outcomes(["sent", "verified", "delivered"]))
    private static let timedOut = DemoOrder(
        fate: .timedOut, gid: "2", name: "#2", phone: "+2", texts: 1, tags: ["otp-cancelled"], note: "n",
        isCancelled: true, outcomes: outcomes(["sent", "delivered", "expired", "cancelled us"]))

    @Test("is good when all went as it must", arguments: [verified, timedOut])
    func good(_ order: DemoOrder) {
        #expect(order.problems.isEmpty)
    }

    @Test("names each thing that did not")
    func bad() {
        func broken(_ order: DemoOrder, _ change: (inout DemoOrder) -> Void) -> Int {
            var copy = order
            change(&copy)
            return copy.problems.count
        }
        for order in [Self.verified, Self.timedOut] {
            #expect(broken(order) { $0.texts = 2 } == 1)
            #expect(broken(order) { $0.texts = 0 } == 1)
            #expect(broken(order) { $0.note = nil } == 1)
            #expect(broken(order) { $0.tags = [] } == 1)
            #expect(broken(order) { $0.tags.append("otp-unverified") } == 1)
            #expect(broken(order) { $0.isCancelled.toggle() } == 1)
            #expect(broken(order) { $0.outcomes.removeFirst() } == 1)
            #expect(broken(order) { $0.outcomes.append(.init(id: "9", kind: "skipped")) } == 1)
        }
        #expect(broken(Self.timedOut) { $0.outcomes[3].by = "merchant" } == 1)
        #expect(broken(Self.timedOut) { $0.outcomes.swapAt(2, 3) } == 1)
        #expect(broken(Self.timedOut) { $0.outcomes.removeLast() } == 1)
        #expect(broken(Self.verified) { $0.outcomes.append(.init(id: "9", kind: "expired")) } == 1)
    }
}
