import Glibc

import FoundationEssentials

/// The four numbers every Prometheus client gives about its process, read from /proc (proc_pid_stat(5)). What can't be
/// read is left out.
enum ProcessMetrics {
    static func register(in metrics: Metrics) {
        metrics.sample("process_resident_memory_bytes", help: "Resident memory.") {
            field(24).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
        }
        metrics.sample("process_cpu_seconds_total", help: "Processor time used.", kind: .counter) {
            guard let user = field(14), let system = field(15) else { return nil }
            return (user + system) / ticks
        }
        metrics.sample("process_start_time_seconds", help: "Start, in seconds since 1970.") {
            guard let boot = bootTime(), let start = field(22) else { return nil }
            return boot + start / ticks
        }
        metrics.sample("process_open_fds", help: "Open file descriptors.") {
            openDescriptors().map(Double.init)
        }
    }

    private static var ticks: Double { Double(sysconf(Int32(_SC_CLK_TCK))) }

    /// A field of /proc/self/stat by its number in the manual (from 1); the command's name, field 2, may hold blanks.
    private static func field(_ number: Int) -> Double? {
        guard let text = contents("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        let index = number - 3
        return fields.indices.contains(index) ? Double(fields[index]) : nil
    }

    private static func bootTime() -> Double? {
        contents("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
            .flatMap { Double($0.dropFirst(6)) }
    }

    private static func openDescriptors() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Without `.`, `..` and the descriptor that reads the directory.
        return count - 3
    }

    private static func contents(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(file, &part, part.count)
            guard count >= 0 else { return nil }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += part[..<count]
        }
    }
}
