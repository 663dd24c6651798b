import Base

/// The play itself: what has been done and seen so far. A value that its one owner moves on.
struct DemoPlay: Sendable {
    let sandbox: SandboxClient
    let start: Int64
    let now: @Sendable () -> Int64
    let print: @Sendable (String) -> Void

    private(set) var orders = [
        DemoOrder(fate: .verified, phone: "+12025550143"), DemoOrder(fate: .timedOut, phone: "+12025550144"),
    ]
    private var hasTyped = false
    private var printed: [String: Int] = [:]
    private var messagesSeen = 0
    /// What this look has found, to be printed in the order it happened.
    private var lines: [(at: Int64, text: String)] = []

    init(
        sandbox: SandboxClient, start: Int64, now: @escaping @Sendable () -> Int64,
        print: @escaping @Sendable (String) -> Void
    ) {
        self.sandbox = sandbox
        self.start = start
        self.now = now
        self.print = print
    }

    var problems: [String] { orders.flatMap(\.problems) + (hasTyped ? [] : ["no code has been typed"]) }

    /// Two shops, because a timer belongs to a shop: one with time enough, one with the shortest timer there is.
    mutating func placeOrders() async throws(SandboxClient.Failure) {
        say("ready; placing two orders")
        messagesSeen = try await lastMessage()
        for (index, shop) in [("demo-verified", 300), ("demo-timeout", 5)].enumerated() {
            let domain = JSONTree.string("\(shop.0).myshopify.com")
            _ = try await sandbox.post("/shops", ["shop": domain, "timerSeconds": .integer(Int64(shop.1))])
            let placed = try await sandbox.post(
                "/orders", ["shop": domain, "phone": .string(orders[index].phone), "name": "Alex Sample"])
            orders[index].gid = placed["gid"]?.string ?? ""
            orders[index].name = placed["name"]?.string ?? ""
            let status = placed["webhook"]?["status"]?.integer.map { Int($0) }
            guard status == 200 else {
                let answer = status.map { "answered \($0)" } ?? "gave no answer"
                throw SandboxClient.Failure(description: "Ingest \(answer) to the orders/create webhook")
            }
            say("\(orders[index].name) is \(orders[index].fate.rawValue), timer \(shop.1) s")
        }
    }

    /// Reads what is new, prints it, and types the code as soon as it is there.
    mutating func look() async throws(SandboxClient.Failure) {
        defer { flush() }
        try await readOutcomes()
        for index in orders.indices {
            try await readOrder(index)
            let to = "%2B" + orders[index].phone.dropFirst()
            let texts = try await sandbox.get("/texts?to=\(to)")["texts"]?.array ?? []
            let ours = texts.filter { ($0["at"]?.integer ?? 0) >= start }
            orders[index].texts = ours.count
            if orders[index].fate == .verified, !hasTyped, let text = ours.first { try await type(text) }
        }
    }

    private mutating func readOrder(_ index: Int) async throws(SandboxClient.Failure) {
        let order = try await sandbox.get("/orders/\(orders[index].gid.split(separator: "/").last ?? "")")
        orders[index].tags = order["tags"]?.strings ?? []
        orders[index].note = order["note"]?.string
        orders[index].isCancelled = order["cancelled"]?.bool ?? false
        // Lines may arrive out of order, from topics read at different times: what is new is what was not printed yet.
        var seen: [String: Int] = [:]
        for event in order["timeline"]?.array ?? [] {
            let words = [event["source"]?.string ?? "", event["kind"]?.string ?? "", event["text"]?.string ?? ""]
            let at = event["at"]?.integer ?? now()
            let key = orders[index].gid + "\(at)" + words.joined(separator: "\u{1F}")
            seen[key, default: 0] += 1
            guard seen[key, default: 0] > printed[key, default: 0] else { continue }
            printed[key, default: 0] += 1
            let text = "\(orders[index].name)  \(Self.padded(words[0], 13)) \(Self.padded(words[1], 24)) \(words[2])"
            lines.append((at, text))
        }
    }

    private mutating func readOutcomes() async throws(SandboxClient.Failure) {
        let page = try await sandbox.get("/messages?after=\(messagesSeen)")
        messagesSeen = page["next"]?.integer.map { Int($0) } ?? messagesSeen
        for message in page["messages"]?.array ?? [] {
            let headers = message["headers"]?.array ?? []
            func header(_ name: String) -> String? { headers.first { $0["name"]?.string == name }?["value"]?.string }
            guard let subject = header("ce_subject"), let id = header("ce_id"),
                let index = orders.firstIndex(where: { $0.gid == subject }),
                !orders[index].outcomes.contains(where: { $0.id == id })
            else { continue }
            let kind = header("ce_type")?.split(separator: ".").dropLast().last.map(String.init) ?? ""
            let data = message["value"]?.string.flatMap { JSONTree(parsing: $0.utf8) }
            orders[index].outcomes.append(.init(id: id, kind: kind, by: data?["by"]?.string))
        }
    }

    private mutating func type(_ text: JSONTree) async throws(SandboxClient.Failure) {
        guard let code = text["code"], let token = text["token"], code != .null, token != .null else {
            throw SandboxClient.Failure(description: "the text holds no code or no link")
        }
        do throws(SandboxClient.Failure) {
            let answer = try await sandbox.post("/verify", ["token": token, "code": code])
            hasTyped = true
            let verdict = answer["verdict"]?.string ?? answer["status"]?.string ?? "answered"
            lines.append((now(), "the shopper typed the code: \(verdict)"))
        } catch {
            // The text can be there before Verifier knows of it; it says so, and the next look tries again.
            guard error.status == 503 || error.status == 404 else { throw error }
        }
    }

    private func lastMessage() async throws(SandboxClient.Failure) -> Int {
        try await sandbox.get("/messages")["next"]?.integer.map { Int($0) } ?? 0
    }

    private mutating func flush() {
        for (at, text) in lines.sorted(by: { $0.at < $1.at }) { say(text, at: at) }
        lines = []
    }

    private func say(_ text: String, at time: Int64? = nil) {
        let tenths = max((time ?? now()) - start, 0) / 100
        let seconds = "\(tenths / 10).\(tenths % 10)"
        print(String(repeating: " ", count: max(5 - seconds.count, 0)) + "\(seconds) s  \(text)")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }
}
