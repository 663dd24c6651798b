import Base
import HTTP

/// Asks the four daemons whether they are ready.
struct DaemonProbe: Sendable {
    var http: HTTPClient
    var deadline: Duration = .seconds(1)

    /// In the pipeline's order: the daemon, and why it isn't ready; nil when it is.
    func reasons(_ daemons: SandboxSettings.Daemons) async -> [(name: String, why: String?)] {
        await withTaskGroup(of: (Int, String?).self) { group in
            for (index, daemon) in daemons.all.enumerated() {
                group.addTask { (index, await reason(daemon.url)) }
            }
            var whys = [String?](repeating: nil, count: daemons.all.count)
            for await (index, why) in group { whys[index] = why }
            return zip(daemons.all, whys).map { ($0.name, $1) }
        }
    }

    private func reason(_ url: String) async -> String? {
        do throws(OutboundError) {
            let answer = try await http.send(OutboundRequest(method: "GET", url: "\(url)/readyz", deadline: deadline))
            guard answer.status != 200 else { return nil }
            let reasons = JSONTree(parsing: answer.body)?["reasons"]?.array ?? []
            let words = reasons.compactMap { $0["why"]?.string }.joined(separator: "; ")
            return words.isEmpty ? "answers \(answer.status)" : words
        } catch {
            return error.kind == .couldNotConnect ? "not running" : "no answer"
        }
    }
}
