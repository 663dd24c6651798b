import CRdKafka
import Foundation
import Testing

/// ADR 12, in a process of its own that valgrind watches; `compose/test` installs valgrind where it is missing.
@Suite("A fenced producer that ends", .enabled(if: Valgrind.program != nil, "there is no valgrind"))
struct FencedProducerTests {
    @Test("leaves the heap whole, whatever still comes in")
    func purged() throws {
        let run = try Valgrind.run("FencedProducer")
        #expect(run.code == 0, "\(run.output)")
        #expect(run.output.contains("fenced"))
    }

    @Test(
        "without what is done before its end, librdkafka frees a text twice: the proof that this is looked for",
        .enabled(if: rd_kafka_version() == 0x0200_02ff, "another librdkafka"))
    func bare() throws {
        let run = try Valgrind.run("FencedProducer", "--bare")
        #expect(run.code == Valgrind.found)
        #expect(run.output.contains("Invalid free()"))
    }
}

/// A built program under valgrind's memcheck.
private enum Valgrind {
    /// Its exit code where it found an error.
    static let found: Int32 = 99

    static let program = ["/usr/bin/valgrind", "/usr/local/bin/valgrind"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static func run(_ name: String, _ arguments: String...) throws -> (code: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(program))
        // A read or write astray and a bad free count; what Swift's runtime leaves undefined does not.
        let options = ["--error-exitcode=\(found)", "--undef-value-errors=no", "--leak-check=no", "--num-callers=30"]
        process.arguments = options + [try products().appending(path: name).path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private static func products() throws -> URL {
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            return URL(fileURLWithPath: argument).deletingLastPathComponent()
        }
        return URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
    }
}
