/// One order of the demonstration and what has been seen of it.
struct DemoOrder: Sendable, Equatable {
    /// What must become of it.
    enum Fate: String, Sendable {
        case verified = "to be verified"
        case timedOut = "to time out"
    }

    struct Outcome: Sendable, Equatable {
        /// CloudEvents' id: a repetition has the same.
        var id: String
        /// `sent`, `verified`…
        var kind: String
        var by: String?
    }

    var fate: Fate
    var gid = ""
    var name = ""
    var phone: String
    var texts = 0
    var tags: [String] = []
    var note: String?
    var isCancelled = false
    /// In the order of the topic, repetitions left out.
    var outcomes: [Outcome] = []

    /// What is not as it must be; empty when all is.
    var problems: [String] {
        var problems: [String] = []
        func require(_ isRight: Bool, _ otherwise: String) {
            if !isRight { problems.append("order \(name) (\(fate.rawValue)): \(otherwise)") }
        }
        require(texts == 1, "\(texts) texts, not one")
        require(note?.isEmpty == false, "no note on the order")
        let ours = tags.filter { $0.hasPrefix("otp-") }
        let finals = outcomes.filter { $0.kind != "sent" && $0.kind != "delivered" }
        let shown = finals.map { $0.kind + ($0.by.map { " by \($0)" } ?? "") }
        switch fate {
        case .verified:
            require(ours == ["otp-verified"], "tags \(ours), not otp-verified alone")
            require(!isCancelled, "it was cancelled")
            require(shown == ["verified"], "final outcomes \(shown), not verified alone")
        case .timedOut:
            require(ours == ["otp-cancelled"], "tags \(ours), not otp-cancelled alone")
            require(isCancelled, "it was not cancelled")
            require(shown == ["expired", "cancelled by us"], "final outcomes \(shown), not expired, cancelled by us")
        }
        require(count("sent") == 1, "\(count("sent")) outcomes sent, not one")
        require(count("delivered") == 1, "\(count("delivered")) outcomes delivered, not one")
        return problems
    }

    private func count(_ kind: String) -> Int {
        outcomes.count { $0.kind == kind }
    }
}
