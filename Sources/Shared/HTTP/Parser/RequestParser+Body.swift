import Base

/// Bodies by Content-Length and in chunks (RFC 9112 §6, §7).
extension RequestParser {
    mutating func beginBody() -> Step? {
        switch framing {
        case .none, .length(0):
            return finish()
        case .length(let count):
            body.reserveCapacity(min(count, 1 << 18))
            state = .fixed(count)
        case .chunked:
            chunkLineBytes = 0
            state = .chunkLine
        }
        return nil
    }

    mutating func fixed(_ remaining: Int) -> Step? {
        let left = remaining - take(remaining)
        if left == 0 { return finish() }
        state = .fixed(left)
        return .more
    }

    /// Moves at most `count` buffered bytes to the body.
    private mutating func take(_ count: Int) -> Int {
        let taken = min(count, buffer.count - position)
        body.append(contentsOf: buffer[position..<position + taken])
        position += taken
        return taken
    }

    mutating func chunkLine() throws(RequestFailure) -> Step? {
        let tooLong = RequestFailure.bad("The chunk lines are too long.")
        let room = min(limits.chunkLineBytes, limits.headerBytes - chunkLineBytes)
        guard let line = try line(limit: room, tooLong) else { return .more }
        let (size, extensionBytes) = try chunkSize(line)
        chunkLineBytes += extensionBytes
        guard size <= maximumBody - body.count else {
            throw RequestFailure(status: 413, detail: "The body is too large.")
        }
        trailerFields = 0
        headBytes = 0
        state = size == 0 ? .trailers : .chunkData(size)
        return nil
    }

    /// `1*HEXDIG [ extensions ]`: the size and how long the extensions are; their meaning is ignored.
    private func chunkSize(_ line: Range<Int>) throws(RequestFailure) -> (Int, Int) {
        let bad = RequestFailure.bad("A chunk size is not hexadecimal.")
        var size = 0
        var index = line.lowerBound
        while index < line.upperBound, let digit = Hex.value(buffer[index]) {
            guard size <= Int.max >> 4 else { throw .bad("A chunk size is too large.") }
            size = size << 4 | Int(digit)
            index += 1
        }
        guard index > line.lowerBound else { throw bad }
        let extensions = buffer[index..<line.upperBound]
        guard let mark = extensions.first(where: { !Octets.isBlank($0) }) else {
            guard extensions.isEmpty else { throw bad }
            return (size, 0)
        }
        guard mark == UInt8(ascii: ";"), extensions.allSatisfy(Octets.isFieldValue) else { throw bad }
        return (size, extensions.count)
    }

    mutating func chunkData(_ remaining: Int) -> Step? {
        let left = remaining - take(remaining)
        guard left == 0 else {
            state = .chunkData(left)
            return .more
        }
        state = .chunkEnd
        return nil
    }

    mutating func chunkEnd() throws(RequestFailure) -> Step? {
        let bad = RequestFailure.bad("A chunk does not end with CRLF.")
        guard position < buffer.count else { return .more }
        guard buffer[position] == 0x0D else { throw bad }
        guard position + 1 < buffer.count else { return .more }
        guard buffer[position + 1] == 0x0A else { throw bad }
        position += 2
        state = .chunkLine
        return nil
    }

    /// Trailers are checked like header fields, bounded like them, and thrown away: nothing here trusts them.
    mutating func trailer() throws(RequestFailure) -> Step? {
        let tooLong = RequestFailure(status: 431, detail: "The trailers are too large.")
        guard let line = try line(limit: limits.headerBytes - headBytes, tooLong) else { return .more }
        headBytes += line.count + 2
        guard !line.isEmpty else { return finish() }
        trailerFields += 1
        guard trailerFields <= limits.headerFields else { throw tooLong }
        try buffer.withUnsafeBufferPointer { bytes throws(RequestFailure) in
            _ = try HeadBuilder.split(UnsafeBufferPointer(rebasing: bytes[line]))
        }
        return nil
    }
}
