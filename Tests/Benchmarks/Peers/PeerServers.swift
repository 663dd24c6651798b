import Foundation

/// The peers' servers: made from the templates in compose/bench.d, on loopback and a free port.
struct PeerServers {
    let peers: Peers
    let directory: URL
    private let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"]

    /// What a webhook's way needs to know.
    struct Webhooks {
        let brokers: String
        let topic: String
        let secret: String
        /// Which produce requests lua-nginx-kafka makes.
        var apiVersion = 1

        var host: Substring { brokers.split(separator: ",")[0].split(separator: ":")[0] }
        var port: Substring { brokers.split(separator: ",")[0].split(separator: ":")[1] }
    }

    func nginx(_ webhooks: Webhooks?) throws -> (process: ChildProcess, port: UInt16) {
        guard let home = peers.home, let program = peers.program("nginx") else { throw BenchmarkError("no nginx") }
        let port = try DaemonUnderTest.freePort()
        let place = directory.appending(path: "nginx-\(port)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        var words = [
            "PORT": "\(port)", "DIRECTORY": place.path, "HOME": place.path,
            "CORES": "\(ProcessInfo.processInfo.activeProcessorCount)", "MODULES": "", "WEBHOOKS": "",
            // Its workers must be able to read what stands in a directory of our own.
            "USER": getuid() == 0 ? "user root;" : "",
        ]
        if let webhooks {
            let more = [
                "SECRET": webhooks.secret, "TOPIC": webhooks.topic, "KAFKA_HOST": String(webhooks.host),
                "KAFKA_PORT": String(webhooks.port), "API_VERSION": "\(webhooks.apiVersion)",
            ]
            try fill(home + "/webhook.lua", more).write(
                to: place.appending(path: "webhook.lua"), atomically: false, encoding: .utf8)
            words["WEBHOOKS"] = try fill(home + "/nginx-webhooks.conf", words)
            words["MODULES"] = Peers.loadModules
        }
        let configuration = place.appending(path: "nginx.conf")
        try fill(home + "/nginx.conf", words).write(to: configuration, atomically: false, encoding: .utf8)
        let process = try ChildProcess(
            program, ["-c", configuration.path, "-p", place.path], environment,
            log: place.appending(path: "nginx.log"))
        try process.awaitPort(port)
        return (process, port)
    }

    /// One process a core, all on the same port.
    func aiohttp(_ webhooks: Webhooks) throws -> (processes: [ChildProcess], port: UInt16) {
        guard let home = peers.home, let python = peers.program("python") else { throw BenchmarkError("no Python") }
        let port = try DaemonUnderTest.freePort()
        let processes = try (0..<ProcessInfo.processInfo.activeProcessorCount).map { number in
            let process = try ChildProcess(
                python, [home + "/webhook.py", "\(port)", webhooks.brokers, webhooks.topic, webhooks.secret],
                environment, log: directory.appending(path: "aiohttp-\(number).log"))
            try process.awaitPort(port)
            return process
        }
        // The last one's listening can't be told from the first one's.
        sleep(2)
        return (processes, port)
    }

    private func fill(_ path: String, _ words: [String: String]) throws -> String {
        words.reduce(try String(contentsOfFile: path, encoding: .utf8)) { text, word in
            text.replacingOccurrences(of: "{{\(word.key)}}", with: word.value)
        }
    }
}
