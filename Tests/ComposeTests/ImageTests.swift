import Testing

@Suite("The Dockerfile")
struct ImageTests {
    private let text: String
    /// Instructions with their continuation lines joined and comments left out.
    private let instructions: [(name: String, rest: String)]

    init() throws {
        text = try Repository.text("compose/Dockerfile")
        let lines = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }
        instructions = lines.joined(separator: "\n").replacing("\\\n", with: " ").split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    private func all(_ name: String) -> [String] { instructions.filter { $0.name == name }.map(\.rest) }

    @Test("holds instructions only")
    func grammar() {
        let known: Set = ["FROM", "RUN", "COPY", "WORKDIR", "USER", "STOPSIGNAL", "ENV"]
        #expect(instructions.map(\.name).filter { !known.contains($0) } == [])
    }

    @Test("a build asks no registry for its own grammar")
    func syntax() { #expect(!text.contains("syntax=")) }

    @Test("a trap prints no memory, and what could name its places is not there")
    func traces() throws {
        #expect(all("ENV") == ["SWIFT_BACKTRACE=enable=no"])
        #expect(try #require(all("RUN").first { $0.contains("swift build") }).contains("strip "))
    }

    @Test("builds with Swift on the Debian it runs on")
    func stages() {
        #expect(all("FROM") == ["swift:6.3-bookworm AS build", "debian:bookworm-slim"])
    }

    @Test("builds every daemon the compose file runs")
    func products() throws {
        let build = try #require(all("RUN").first { $0.contains("swift build") })
        for daemon in Daemons.production {
            #expect(build.contains("\(daemon.name) ") || build.contains("\(daemon.name);"))
        }
        #expect(!build.contains("otp-sandbox"))
    }

    @Test("installs what the programs are linked with")
    func libraries() throws {
        let runtime = try #require(all("RUN").last)
        for package in ["librdkafka1", "libcrypt1", "libssl3", "libcurl4", "libstdc++6", "ca-certificates"] {
            #expect(runtime.contains(" \(package) "))
        }
    }

    @Test("runs as a user of its own, without a shell of its own")
    func user() throws {
        #expect(all("USER") == ["10001:10001"])
        #expect(try #require(all("RUN").last).contains("--uid 10001"))
    }

    @Test("what it copies is there, and is sent to the engine; secrets are not")
    func context() throws {
        let ignored = try Repository.text("compose/Dockerfile.dockerignore").split(separator: "\n").map(String.init)
        let allowed = ignored.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) }
        #expect(ignored.first { !$0.hasPrefix("#") } == "*")
        for copy in all("COPY") where !copy.contains("--from=") {
            let source = try #require(copy.split(separator: " ").first { !$0.hasPrefix("--") }).description
            #expect(Repository.exists(source))
            #expect(allowed.contains(source))
        }
        #expect(!allowed.contains { $0.hasPrefix("compose/.env") || $0 == "compose" })
    }
}
