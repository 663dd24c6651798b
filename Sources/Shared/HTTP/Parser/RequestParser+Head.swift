/// Request line and header fields.
extension RequestParser {
    private static let headTooLong = RequestFailure(status: 431, detail: "The header is too large.")

    mutating func requestLine() throws(RequestFailure) -> Step? {
        guard position < buffer.count else { return .more }
        if buffer[position] == 0x0D && !skippedBlankLine {
            return try blankLine()
        }
        guard Octets.isToken(buffer[position]) else { throw .bad("The method has a bad character.") }
        let tooLong = RequestFailure(status: 414, detail: "The request line is too long.")
        guard let line = try line(limit: limits.requestLineBytes, tooLong) else { return .more }
        builder = HeadBuilder()
        try buffer.withUnsafeBufferPointer { bytes throws(RequestFailure) in
            try builder.requestLine(UnsafeBufferPointer(rebasing: bytes[line]))
        }
        headBytes = line.count + 2
        state = .fields
        return nil
    }

    /// RFC 9112 §2.2: one empty line before the request line is ignored.
    private mutating func blankLine() throws(RequestFailure) -> Step? {
        guard position + 1 < buffer.count else { return .more }
        guard buffer[position + 1] == 0x0A else { throw .bad("The method has a bad character.") }
        position += 2
        skippedBlankLine = true
        return nil
    }

    mutating func field() throws(RequestFailure) -> Step? {
        guard let line = try line(limit: limits.headerBytes - headBytes, RequestParser.headTooLong) else {
            return .more
        }
        headBytes += line.count + 2
        guard !line.isEmpty else {
            let head = try builder.finish()
            framing = head.framing
            maximumBody = .max
            state = .headDone
            return .head(head)
        }
        guard builder.fieldCount < limits.headerFields else {
            throw RequestFailure(status: 431, detail: "The header has too many fields.")
        }
        try buffer.withUnsafeBufferPointer { bytes throws(RequestFailure) in
            try builder.field(UnsafeBufferPointer(rebasing: bytes[line]))
        }
        return nil
    }
}
