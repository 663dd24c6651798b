import HTTP

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
    }
}
