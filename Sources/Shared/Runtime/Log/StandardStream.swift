import Glibc

/// stdout and stderr without buffers: what was written is out, even when the process ends by `_exit` right after.
public enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// One write(2) for a line of usual length, so lines of several threads do not mix. A closed stream is ignored.
    @Sendable public func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let written = Glibc.write(rawValue, start, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
        }
    }
}
