import Glibc

/// HTTP/1.1 requests out of bytes (RFC 9112), a pure state machine: the same bytes give the same steps however they
/// are cut. After `.head` the caller sets `maximumBody`; after `.failed` the stream can't be understood any more.
struct RequestParser {
    enum Step: Equatable {
        case more
        case head(RequestHead)
        case body([UInt8])
        case failed(RequestFailure)
    }

    enum State: Equatable {
        case start
        case fields
        case headDone
        case fixed(Int)
        case chunkLine
        case chunkData(Int)
        case chunkEnd
        case trailers
        case failed(RequestFailure)
    }

    let limits: ServerLimits
    /// Of the request whose head was given last; a chunked body beyond it fails with 413.
    var maximumBody = Int.max

    var state = State.start
    var buffer: [UInt8] = []
    var position = 0
    /// Up to here the buffer holds no line end, so a line that comes in pieces is scanned once.
    var scanned = 0
    var builder = HeadBuilder()
    var skippedBlankLine = false
    /// Bytes of the header, then of chunk lines, of this request so far.
    var headBytes = 0
    var chunkLineBytes = 0
    var trailerFields = 0
    var framing = RequestHead.Framing.none
    var body: [UInt8] = []

    init(limits: ServerLimits) {
        self.limits = limits
    }

    /// Nothing of a request has come yet.
    var isIdle: Bool { state == .start && position == buffer.count }
    var hasBufferedBytes: Bool { position < buffer.count }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        compact()
        buffer.append(contentsOf: bytes)
    }

    /// Gives up what has been read; a connection that idles keeps no large buffer.
    private mutating func compact() {
        if position == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 13)
        } else {
            buffer.removeSubrange(..<position)
        }
        scanned = max(scanned - position, 0)
        position = 0
    }

    /// The next thing the bytes so far say.
    mutating func next() -> Step {
        do {
            while true {
                if let step = try advance() { return step }
            }
        } catch {
            state = .failed(error)
            return .failed(error)
        }
    }

    /// One state's work; nil when the next state has to go on.
    private mutating func advance() throws(RequestFailure) -> Step? {
        switch state {
        case .start: try requestLine()
        case .fields: try field()
        case .headDone: beginBody()
        case .fixed(let remaining): fixed(remaining)
        case .chunkLine: try chunkLine()
        case .chunkData(let remaining): chunkData(remaining)
        case .chunkEnd: try chunkEnd()
        case .trailers: try trailer()
        case .failed(let failure): .failed(failure)
        }
    }

    /// The next line without its CRLF, nil while it is incomplete. A line longer than `limit` with its end fails with
    /// `tooLong`, a bare LF with 400.
    mutating func line(limit: Int, _ tooLong: RequestFailure) throws(RequestFailure) -> Range<Int>? {
        let from = max(scanned, position)
        let end = buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, from < bytes.count,
                let found = memchr(base + from, 0x0A, bytes.count - from)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
        guard let end else {
            guard buffer.count - position <= limit else { throw tooLong }
            scanned = buffer.count
            return nil
        }
        guard end + 1 - position <= limit else { throw tooLong }
        guard end > position, buffer[end - 1] == 0x0D else { throw .bad("A line ends without CRLF.") }
        let line = position..<end - 1
        position = end + 1
        scanned = position
        return line
    }

    mutating func finish() -> Step {
        let whole = body
        body = []
        state = .start
        skippedBlankLine = false
        if !hasBufferedBytes { compact() }
        return .body(whole)
    }
}
