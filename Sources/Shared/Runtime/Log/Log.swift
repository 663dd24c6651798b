import Base

/// One logfmt line per event, to stderr: `time=… level=info daemon=otp-sender msg="…" key=value`. The message is fixed
/// text; what varies stands in fields. Writing never fails a caller: a line that can't be written is lost.
public struct Log: Sendable {
    public let name: String
    public let level: LogLevel
    private let clock: Clock
    private let write: @Sendable (String) -> Void

    /// `write` gets whole lines with their line end, from any thread.
    public init(
        name: String, level: LogLevel = .info, clock: Clock = .system,
        write: @escaping @Sendable (String) -> Void = StandardStream.error.write
    ) {
        self.name = name
        self.level = level
        self.clock = clock
        self.write = write
    }

    public func debug(_ message: StaticString, _ fields: [(String, LogValue)] = []) {
        log(.debug, message, fields)
    }

    public func info(_ message: StaticString, _ fields: [(String, LogValue)] = []) {
        log(.info, message, fields)
    }

    public func warning(_ message: StaticString, _ fields: [(String, LogValue)] = []) {
        log(.warning, message, fields)
    }

    public func error(_ message: StaticString, _ fields: [(String, LogValue)] = []) {
        log(.error, message, fields)
    }

    public func log(_ level: LogLevel, _ message: StaticString, _ fields: [(String, LogValue)] = []) {
        guard level >= self.level else { return }
        let time = RFC3339.precise(clock.now())
        var line = "time=\(time) level=\(level.rawValue) daemon=\(Logfmt.value(name)) "
        line += "msg=\(Logfmt.quoted(message.description))"
        for (key, value) in fields {
            line += " \(Logfmt.key(key))=\(Logfmt.value(value.text))"
        }
        write(line + "\n")
    }
}
