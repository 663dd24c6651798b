import Base

/// The operations themselves: what they answer and what they change. Shapes and refusals as in the schema of 2026-04.
extension StandInShopify {
    /// The operation's field of `data`, null where Shopify answers null; nil for an operation that is not known here.
    func operate(_ name: String, _ variables: JSONTree, _ shop: String, userError: ShopifyFault?) -> JSONTree? {
        switch name {
        case "order":
            return find(variables["id"], shop)?.node ?? .null
        case "shop":
            let name = state.withLock { $0.shops[shop]?.otherName } ?? shop
            return [
                "id": .string(Self.gid(ofShop: shop)), "name": .string(shop), "myshopifyDomain": .string(name),
                "ianaTimezone": "Etc/UTC", "currencyCode": "USD",
                "plan": ["publicDisplayName": "Basic", "shopifyPlus": false, "partnerDevelopment": false],
            ]
        case "orders":
            return changedOrders(variables, shop)
        case "job":
            return job(variables["id"]?.string ?? "")
        case "tagsAdd", "tagsRemove":
            return tag(name, variables, shop, userError)
        case "orderUpdate":
            return update(variables["input"] ?? [:], shop, userError)
        case "orderCancel":
            return cancel(variables, shop, userError)
        default:
            return nil
        }
    }

    private func find(_ gid: JSONTree?, _ shop: String) -> StandInOrder? {
        guard let text = gid?.string, text.hasPrefix("gid://"), let id = StandInOrder.id(text) else { return nil }
        return order(id).flatMap { $0.shop == shop ? $0 : nil }
    }

    private func job(_ id: String) -> JSONTree {
        state.withLock { $0.jobs[id] }.map { ["id": .string(id), "done": .bool($0)] } ?? .null
    }

    private func tag(_ name: String, _ variables: JSONTree, _ shop: String, _ fault: ShopifyFault?) -> JSONTree {
        let refusal: (JSONTree) -> JSONTree = { ["node": .null, "userErrors": [$0]] }
        if let fault { return refusal(Self.userError(fault)) }
        guard let found = find(variables["id"], shop) else { return refusal(Self.userError("id", "Invalid id")) }
        guard let tags = variables["tags"]?.strings, !tags.isEmpty else {
            return refusal(Self.userError("tags", "Tags can't be blank"))
        }
        var isChanged = false
        _ = change(found.id) { order in
            if name == "tagsAdd" { order.addTags(tags) } else { order.removeTags(tags) }
            isChanged = order.tags != found.tags
        }
        let (kind, words) = name == "tagsAdd" ? ("tags.added", "tagged") : ("tags.removed", "no longer tagged")
        journal.write("shop", kind, order: found.gid, "\(words) \(tags.joined(separator: ", "))")
        if isChanged { echo(["orders/updated"], found.id) }
        return ["node": ["id": .string(found.gid)], "userErrors": []]
    }

    private func update(_ input: JSONTree, _ shop: String, _ fault: ShopifyFault?) -> JSONTree {
        let refusal: (JSONTree) -> JSONTree = { ["order": .null, "userErrors": [$0]] }
        if let fault { return refusal(Self.userError(fault)) }
        guard let found = find(input["id"], shop) else {
            return refusal(Self.userError("id", "Order does not exist"))
        }
        let changed = change(found.id) { order in
            if let note = input["note"] { order.note = note.string }
            if let tags = input["tags"]?.strings { order.tags = tags.sorted() }
        }
        if let note = input["note"] {
            journal.write("shop", "note.set", order: found.gid, note.string.map { "note: \($0)" } ?? "note removed")
        }
        echo(["orders/updated"], found.id)
        return ["order": changed?.node ?? .null, "userErrors": []]
    }

    /// Cancelling is asynchronous: the answer is a job, and the order is cancelled when it is done.
    private func cancel(_ variables: JSONTree, _ shop: String, _ fault: ShopifyFault?) -> JSONTree {
        func refusal(_ error: JSONTree) -> JSONTree { ["job": .null, "orderCancelUserErrors": [error]] }
        if let fault { return refusal(Self.userError(fault)) }
        guard let found = find(variables["orderId"], shop) else {
            return refusal(Self.userError("orderId", "Order does not exist", code: "NOT_FOUND"))
        }
        guard let reason = variables["reason"]?.string, variables["restock"]?.bool != nil else {
            return refusal(Self.userError("reason", "Reason and restock are required", code: "INVALID"))
        }
        guard found.cancelledAt == nil, found.fulfillment == "UNFULFILLED" else {
            return refusal(Self.userError("orderId", "Cannot cancel order", code: "INVALID"))
        }
        let job = "gid://shopify/Job/\(RandomName.uuid())"
        state.withLock { $0.jobs[job] = false }
        let staffNote = variables["staffNote"]?.string.map { ": \($0)" } ?? ""
        journal.write("shop", "cancel.asked", order: found.gid, "asked to cancel, reason \(reason)\(staffNote)")
        errands.run(after: pace.cancelJob) {
            let isNew = self.cancel(found.id, reason: reason) != nil
            self.state.withLock { $0.jobs[job] = true }
            if isNew { self.echo(["orders/cancelled", "orders/updated"], found.id) }
        }
        return ["job": ["id": .string(job), "done": false], "orderCancelUserErrors": []]
    }

    private static func userError(_ field: String, _ message: String, code: String? = nil) -> JSONTree {
        var error: JSONTree = ["field": [.string(field)], "message": .string(message)]
        if let code { error["code"] = .string(code) }
        return error
    }

    private static func userError(_ fault: ShopifyFault) -> JSONTree {
        userError("id", fault.message ?? "Refused by the sandbox", code: fault.code)
    }
}
