import Foundation
import Kafka
import Pipeline
import Security
import Testing

@testable import Reaper
@testable import Runtime

@Suite("otp-reaper dead")
struct DeadCommandTests {
    private let secret = "number +15551234567"

    private func bench(_ values: [String], reason: String = "no value") async throws -> (DeadBench, [DeadPlace]) {
        let bench = try DeadBench()
        let messages = values.enumerated().map { index, text in
            DeadBench.message(Int64(index + 10), key: "key-a", value: Array(text.utf8))
        }
        return (bench, try await bench.bury(messages, reason: reason))
    }

    @Test("list shows every letter on a line, or as JSON, without the keyring and nothing of what is sealed")
    func list() async throws {
        let (bench, places) = try await bench([secret, "b", "c"])
        _ = try await bench.bury([DeadBench.message(3, key: "x\u{1b}[2J", value: nil)], reason: "unknown type")
        _ = try await bench.producer.send(Wire.beat(Catalogue.dead, bench.topology, partition: 0))
        let all = await bench.dead("list", keys: nil)
        #expect(all.code == .ok && all.lines.count == 4, "\(all)")
        let first = try #require(all.lines.first { $0.hasPrefix("\(places[0])\t") })
        #expect(first.hasSuffix("\totp-verifier\tno value\totp.attempts/1/10\tkey-a"))
        #expect(!all.output.contains("5551234567") && !all.output.contains("\u{1b}"))

        let some = await bench.dead("list", "--reason", "no value", "--limit", "2", keys: nil)
        #expect(some.lines.count == 2 && some.output.contains("/11\t") && some.output.contains("/12\t"))

        let json = await bench.dead("list", "--json", "--reason", "unknown type", keys: nil)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(object["reason"] as? String == "unknown type" && object["redriven"] as? Bool == false)
        #expect(object["from"] as? String == "otp.attempts/1/3" && object["daemon"] as? String == "otp-verifier")
    }

    @Test("a list with nothing in it says so, and is no failure", arguments: [[], ["--json"], ["--limit", "3"]])
    func emptyList(arguments: [String]) async throws {
        let bench = try DeadBench()
        let brokers = bench.mock.bootstrapServers
        let none = await DeadBench.dead(["list"] + arguments, brokers, nil)
        #expect(none.code == .ok && none.output.isEmpty)
        #expect(none.errors == "otp-reaper: there are no dead letters\n")
        _ = try await bench.bury([DeadBench.message(1, key: "k", value: [1])], reason: "no value")
        let other = await DeadBench.dead(["list", "--reason", "other\u{1b}"] + arguments, brokers, nil)
        #expect(other.code == .ok && other.output.isEmpty)
        #expect(other.errors.hasPrefix("otp-reaper: there are no dead letters with the reason \"base64:"))
    }

    @Test("show opens a letter for who holds the key, and says what it may hold")
    func show() async throws {
        let (bench, places) = try await bench([secret])
        let shown = await bench.dead("show", places[0].description)
        #expect(shown.code == .ok && shown.errors.contains("personal data"))
        for line in [
            "from: otp.attempts/1/10", "key: key-a", "header otp-type: guess", "header raw: base64:AP8=", secret,
        ] {
            #expect(shown.lines.contains(line), "\(line)")
        }
        let other = await bench.dead("show", places[0].description, keys: DeadBench.otherKeys)
        #expect(other.code == .failed && other.output.isEmpty)
        #expect(other.errors.contains("can't be opened: sealed under the unknown key k1"))
        let none = await bench.dead("show", places[0].description, keys: nil)
        #expect(none.code == .configuration && none.errors.contains("OTP_KEYRING (or OTP_KEYRING_FILE) is missing"))
        #expect(await bench.dead("show", "0/999").code == .failed)
        #expect(await bench.dead("show", "7/0").code == .failed)
    }

    @Test("redrive sends the message byte for byte to where it was, once")
    func redrive() async throws {
        let (bench, places) = try await bench([secret])
        let letter = places[0].description
        let dry = await bench.dead("redrive", letter, "--dry-run")
        #expect(dry.code == .ok && dry.output == "\(letter)\totp.attempts/1\n" && dry.errors.contains("would be"))
        #expect(await bench.dead("redrive", letter).code == .ok)
        let again = await bench.dead("redrive", letter)
        #expect(again.code == .failed && again.errors.contains("sent again before: 1"))
        #expect(await bench.dead("redrive", "--all").code == .failed)

        let arrived = try await bench.all(Catalogue.attempts, count: 1)
        let original = DeadBench.message(10, key: "key-a", value: Array(secret.utf8))
        #expect(arrived.count == 1 && arrived.allSatisfy { $0.partition == 1 && $0.key == original.key })
        #expect(arrived.allSatisfy { $0.value == original.value && $0.headers == original.headers })
        #expect(await bench.dead("list").output.hasSuffix("key-a\tredriven\n"))

        #expect(await bench.dead("redrive", letter, "--force").code == .ok)
        #expect(try await bench.all(Catalogue.attempts, count: 2).count == 2)
    }

    @Test("redrive of all takes those of a reason in their order and leaves out what was sent before")
    func all() async throws {
        let (bench, places) = try await bench(["a", "b", "c"])
        _ = try await bench.bury([DeadBench.message(99, key: "key-z", value: [1])], reason: "other")
        #expect(await bench.dead("redrive", places[1].description).code == .ok)
        let rest = await bench.dead("redrive", "--all", "--reason", "no value")
        #expect(rest.code == .ok && rest.errors.contains("sent again: 2, failed: 0, skipped: 1"))
        let arrived = try await bench.all(Catalogue.attempts, count: 3)
        #expect(arrived.map { String(decoding: $0.value ?? [], as: UTF8.self) } == ["b", "a", "c"])
        let foreign = await bench.dead("redrive", "--all", keys: DeadBench.otherKeys)
        #expect(foreign.code == .failed && foreign.errors.contains("sealed under the unknown key k1"))
        #expect(await bench.dead("redrive", "--all", "--reason", "nobody's").code == .failed)
    }

    @Test(
        "arguments that are not understood are 78",
        arguments: [
            ["list", "--wat"], ["list", "--limit", "0"], ["list", "--reason"], ["list", "0/1"], ["show"],
            ["show", "1"], ["show", "1/-2"], ["show", "0/1", "0/2"], ["redrive"], ["redrive", "0/1", "--all"], ["burn"],
        ])
    func usage(arguments: [String]) async {
        let answer = await DeadBench.dead(arguments, "127.0.0.1:1", DeadBench.keys)
        #expect(answer.code == .configuration && answer.output.isEmpty && !answer.errors.isEmpty)
    }

    @Test("a Kafka that is away is 75")
    func away() async throws {
        let (output, errors) = (Lines(), Lines())
        let configuration = try Configuration.load(
            DeadCommands.list.parameters, environment: ["OTP_KAFKA_BROKERS": "127.0.0.1:1"]
        ).get()
        let context = CommandContext(
            name: "otp-reaper", arguments: [], configuration: configuration,
            log: Log(name: "test", write: { errors.add($0) }), output: { output.add($0) }, error: { errors.add($0) })
        var dead = try DeadTopic(context)
        dead.patience = .milliseconds(300)
        await #expect {
            _ = try await dead.entries()
        } throws: {
            ($0 as? EnvironmentFailure)?.exitCode == .environment && "\($0)".contains("otp.dead can't be read")
        }
    }
}
