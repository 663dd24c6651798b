import Foundation
import Runtime

/// Figures of the built daemons on a real broker: `swift run -c release Benchmarks restore`. No test and no product: it
/// takes minutes, needs a broker, and its figures are the machine's.
@main
enum Main {
    private static let help = """
        usage: Benchmarks table        [quick] [delivery=at-least-once] [ROW…]: beside peers; see compose/bench --help
               Benchmarks restore      [rows=1000000] [partitions=12] [rounds=3]
               Benchmarks first-output [rounds=5] [session=6000]
               Benchmarks door         [rounds=5] [seconds=10] [connections=32] [rate=0]
               Benchmarks fairness     [seconds=60] [rate=500]
               Benchmarks forged       [rounds=5] [seconds=5] [rate=10000] [shoppers=50]
               Benchmarks volume       [orders=300]: bytes of an order on each topic
        Build the daemons first: swift build -c release. The broker is OTP_TEST_BROKERS, librdkafka's mock when unset;
        topics get a prefix of this run's own and are deleted afterwards.

        """

    static func main() async {
        var arguments = CommandLine.arguments.dropFirst()
        let name = arguments.popFirst()
        if name == "table" { exit(await TableRun.main(Array(arguments))) }
        guard let name, let options = Options(arguments) else {
            say(help)
            exit(64)
        }
        do {
            say("machine: \(Machine.description)")
            switch name {
            case "restore": try RestoreBenchmark(options).run()
            case "first-output": try await FirstOutputBenchmark(options).run()
            case "forged": try ForgedBenchmark(options).run()
            case "fairness": try FairnessBenchmark(options).run()
            case "volume": try await VolumeBenchmark(options).run()
            case "door": try await DoorBenchmark(options).run()
            default:
                say(help)
                exit(64)
            }
        } catch {
            say("failed: \(error)")
            exit(1)
        }
    }
}

/// `name=number` arguments.
struct Options {
    private var numbers: [String: Int] = [:]

    init?(_ arguments: some Collection<String>) {
        for argument in arguments {
            let parts = argument.split(separator: "=")
            guard parts.count == 2, let number = Int(parts[1]) else { return nil }
            numbers[String(parts[0])] = number
        }
    }

    func number(_ name: String, _ usual: Int) -> Int { numbers[name] ?? usual }
}

/// What else the machine was doing is part of every figure.
enum Machine {
    static var description: String {
        "\(ProcessInfo.processInfo.activeProcessorCount) cores, load \(load)"
    }

    static var load: String {
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        return text.split(separator: " ").prefix(3).joined(separator: " ")
    }
}

extension Machine {
    /// Of all threads; `self` is this program.
    static func processorSeconds(ofProcess id: String) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last.map { $0.split(separator: " ") } ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return .nan }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension Array where Element == Double {
    /// The value that this share of all is not above.
    func quantile(_ share: Double) -> Double {
        guard !isEmpty else { return .nan }
        let sorted = sorted()
        return sorted[Swift.min(Int(Double(sorted.count) * share), sorted.count - 1)]
    }

    var median: Double { quantile(0.5) }

    var shown: String { map { String(format: "%.2f", $0) }.joined(separator: " ") }
}

/// A line on stdout, at once also where that is a pipe.
func say(_ line: String) { StandardStream.output.write(line + "\n") }
