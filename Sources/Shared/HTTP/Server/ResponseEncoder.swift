/// A response as bytes (RFC 9112 §4). Owns the framing fields and Date; cleans values, so nothing a handler was given
/// by a stranger can end a field early.
enum ResponseEncoder {
    struct Context {
        var isHead: Bool
        var keepAlive: Bool
        var isVersion10: Bool
        /// The whole line `Date: …` with its CRLF.
        var date: [UInt8]
    }

    /// What is sent instead of a response that HTTP can't say: a bug of the handler.
    static func sendable(_ response: HTTPResponse) -> HTTPResponse {
        let names = response.headers.fields.allSatisfy { field in
            !field.name.isEmpty && field.name.utf8.allSatisfy(Octets.isToken)
        }
        guard names, (200...599).contains(response.status) else {
            return .problem(500, detail: "The answer was not valid HTTP.")
        }
        return response
    }

    /// Appends head and body of a response that `sendable` let through.
    static func encode(_ response: HTTPResponse, _ context: Context, to output: inout OutputQueue) {
        let carriesBody = response.status != 204 && response.status != 304
        output.append { bytes in
            statusLine(response.status, to: &bytes)
            for field in response.headers.fields where !isOurs(field.name) {
                bytes.append(contentsOf: field.name.utf8)
                bytes.append(contentsOf: [0x3A, 0x20])
                appendClean(field.value, to: &bytes)
                bytes.append(contentsOf: [0x0D, 0x0A])
            }
            if carriesBody {
                bytes.append(contentsOf: "Content-Length: ".utf8)
                appendDecimal(response.body.count, to: &bytes)
                bytes.append(contentsOf: [0x0D, 0x0A])
            }
            if !context.keepAlive {
                bytes.append(contentsOf: "Connection: close\r\n".utf8)
            } else if context.isVersion10 {
                bytes.append(contentsOf: "Connection: keep-alive\r\n".utf8)
            }
            bytes.append(contentsOf: context.date)
            bytes.append(contentsOf: [0x0D, 0x0A])
        }
        if carriesBody && !context.isHead { output.append(body: response.body) }
    }

    static func appendContinue(to output: inout OutputQueue) {
        output.append { $0.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8) }
    }

    private static func statusLine(_ status: Int, to bytes: inout [UInt8]) {
        guard status != 200 else {
            bytes.append(contentsOf: "HTTP/1.1 200 OK\r\n".utf8)
            return
        }
        bytes.append(contentsOf: "HTTP/1.1 ".utf8)
        appendDecimal(status, to: &bytes)
        bytes.append(0x20)
        bytes.append(contentsOf: StatusText.of(status).utf8)
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    private static func isOurs(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: HTTPHeaders.same(name, "Date")
        case 10: HTTPHeaders.same(name, "Connection") || HTTPHeaders.same(name, "Keep-Alive")
        case 14: HTTPHeaders.same(name, "Content-Length")
        case 17: HTTPHeaders.same(name, "Transfer-Encoding")
        default: false
        }
    }

    /// CR, LF, NUL and other controls become spaces (RFC 9110 §5.5).
    private static func appendClean(_ value: String, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: value.utf8)
        for index in start..<bytes.count where !Octets.isFieldValue(bytes[index]) {
            bytes[index] = 0x20
        }
    }

    private static func appendDecimal(_ number: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(0x30 + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
