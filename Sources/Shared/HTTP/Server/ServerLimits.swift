/// Everything a stranger could use up is bounded here. Times are seconds (fractions allowed), sizes bytes.
public struct ServerLimits: Sendable {
    /// Longer: 414.
    public var requestLineBytes = 8192
    /// Request line and header fields, also the trailers of a chunked body. Longer: 431.
    public var headerBytes = 16384
    /// More: 431.
    public var headerFields = 100
    /// One chunk-size line with its extensions; all of them together are bounded by `headerBytes`. Longer: 400.
    public var chunkLineBytes = 256
    /// From the first byte (on a new connection: from its start) to the end of the header. Longer: 408.
    public var headerSeconds = 5.0
    /// From the first byte to the end of the body. Longer: 408.
    public var requestSeconds = 10.0
    /// Between requests of a kept connection.
    public var idleSeconds = 60.0
    /// For a client to take what waits for it.
    public var writeSeconds = 30.0
    /// How long and how much is read and thrown away after an error, so that the client can see the answer.
    public var lingerSeconds = 2.0
    public var lingerBytes = 4 << 20
    /// Open connections of the whole server; one more gets 503 and is closed.
    public var connections = 4096
    /// Bodies held in memory by the whole server, coming in or being handled; beyond it a body that comes gets 503.
    public var bodyBytes = 256 << 20
    /// Requests of one connection that may wait for their answers; beyond it the socket is not read.
    public var pipelined = 16

    public init() {}
}
