import HTTP
import KafkaMock

/// Telling the stand-ins to fail, and to stop failing.
extension SandboxAPI {
    private struct Times: Decodable {
        var times: Int?
    }

    func addFaultRoutes(to router: inout Router) {
        on("GET", "/twilio/failures", &router) { _, _ in .json(self.world.twilio.faults) }
        on("POST", "/twilio/failures", &router) { request, _ throws(APIProblem) in
            let fault = try Self.decode(TwilioFault.self, request)
            guard fault.mode != nil || fault.receipt != nil else {
                throw APIProblem(400, "mode or receipt is missing")
            }
            self.world.twilio.add(fault)
            return .json(fault, status: 201)
        }
        on("DELETE", "/twilio/failures", &router) { _, _ in
            self.world.twilio.clearFaults()
            return .empty()
        }
        on("GET", "/shopify/failures", &router) { _, _ in .json(self.world.shopify.faults) }
        on("POST", "/shopify/failures", &router) { request, _ throws(APIProblem) in
            let fault = try Self.decode(ShopifyFault.self, request)
            self.world.shopify.add(fault)
            return .json(fault, status: 201)
        }
        on("POST", "/shopify/throttle", &router) { request, _ throws(APIProblem) in
            let times = try Self.decode(Times.self, request).times
            self.world.shopify.add(ShopifyFault(mode: .throttle, times: times ?? 1))
            return .empty()
        }
        on("DELETE", "/shopify/failures", &router) { _, _ in
            self.world.shopify.clearFaults()
            return .empty()
        }
        on("POST", "/kafka/faults", &router) { request, _ throws(APIProblem) in
            let cluster = try self.cluster
            let fault = try Self.decode(KafkaFault.self, request)
            let topology = self.world.settings.topology
            if let problem = fault.problem(brokers: cluster.brokers.count, topology) { throw APIProblem(400, problem) }
            fault.apply(to: cluster, topology)
            return .empty()
        }
        on("DELETE", "/kafka/faults", &router) { _, _ throws(APIProblem) in
            KafkaFault.clear(try self.cluster)
            return .empty()
        }
    }

    private var cluster: MockCluster {
        get throws(APIProblem) {
            guard let cluster = world.cluster else { throw APIProblem(409, "This world has no mock Kafka.") }
            return cluster
        }
    }
}
