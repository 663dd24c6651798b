import Synchronization
import Testing

@testable import Runtime
@testable import Verifier

@Suite("Verifier's configuration")
struct ConfigurationTests {
    private static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    /// The exit code and what was said, on either way out.
    private func run(_ arguments: [String], _ environment: [String: String]) async -> (ExitCode, String) {
        let said = Mutex("")
        let needed = ["OTP_ID_KEY": Self.key, "OTP_KEYRING": "k1:\(Self.key)", "OTP_HTTP_BIND": "127.0.0.1:0"]
        let process = DaemonProcess(
            arguments: arguments, environment: needed.merging(environment) { $1 },
            output: { text in said.withLock { $0 += text } }, error: { text in said.withLock { $0 += text } },
            signals: AsyncStream { $0.finish() })
        let code = await Daemon.run(VerifierDaemon.description, in: process) { _ in
            Issue.record("nothing may be built")
            return []
        }
        return (code, said.withLock { $0 })
    }

    static let mistakes = [
        ("OTP_KAFKA_OPTIONS", "sasl.pasword=geheim1", "sasl.password"),
        ("OTP_KAFKA_OPTIONS", "sasl.password=geheim1,geheim2", "entry 2"),
        ("OTP_KAFKA_OPTIONS", "sasl.password=geheim1,ge=heim2", "entry 2"),
        ("OTP_KAFKA_OPTIONS", "acks=1", "pipeline's own"),
        ("OTP_KAFKA_OPTIONS", "ssl.ca.location=/nothing,security.protocol=ssl", "librdkafka"),
        ("OTP_PUBLIC_URL", "https://example.com/:otp", "path"), ("OTP_PUBLIC_URL", "https://example.com/a//b", "path"),
    ]

    @Test(
        "what is wrong with it is 78 with the reason, at the start and when it is checked", arguments: mistakes.indices)
    func bad(index: Int) async {
        let (name, value, reason) = Self.mistakes[index]
        for arguments in [[], ["--check"]] {
            let (code, said) = await run(arguments, [name: value])
            #expect(code == .configuration && said.contains(name) && said.contains(reason), "\(said)")
            #expect(!said.contains("geheim") && !said.contains("heim2"))
        }
    }

    @Test(
        "passwords with commas and equals signs are good, and a path of ours is",
        arguments: [
            ("OTP_KAFKA_OPTIONS", #"sasl.username=u,sasl.password=a\,b=c\,"#),
            ("OTP_KAFKA_OPTIONS", "sasl.username=u\nsasl.password=a,b"),
            ("OTP_PUBLIC_URL", "https://example.com/otp/"),
        ])
    func good(name: String, value: String) async {
        let (code, said) = await run(["--check"], [name: value])
        #expect(code == .ok, "\(said)")
    }
}
