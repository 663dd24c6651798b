import CSystem
import Glibc

/// Bytes waiting for one socket. Heads and small bodies are joined, a large body stays where it is, and head and body
/// leave in one gathering send.
struct OutputQueue {
    enum Progress {
        case done
        case blocked
        case broken
    }

    /// Bodies up to this are copied behind their head: cheaper than a second piece.
    private static let joined = 16384

    private var pieces: [[UInt8]] = []
    private var sent = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Lets `write` append to the last piece.
    mutating func append(_ write: (inout [UInt8]) -> Void) {
        var piece = pieces.last.map { $0.count < OutputQueue.joined } ?? false ? pieces.removeLast() : []
        let before = piece.count
        write(&piece)
        count += piece.count - before
        pieces.append(piece)
    }

    mutating func append(body: [UInt8]) {
        if body.count <= OutputQueue.joined {
            append { $0.append(contentsOf: body) }
        } else {
            pieces.append(body)
            count += body.count
        }
    }

    /// Sends until everything is gone or the socket takes no more; `broken` when there is nobody to send to.
    mutating func flush(to socket: Int32) -> Progress {
        while count > 0 {
            let result = send(to: socket)
            if result >= 0 {
                consume(result)
            } else if errno == EAGAIN {
                return .blocked
            } else if errno != EINTR {
                return .broken
            }
        }
        return .done
    }

    private func send(to socket: Int32) -> Int {
        pieces[0].withUnsafeBytes { first in
            let head = UnsafeRawBufferPointer(rebasing: first[sent...])
            guard pieces.count > 1 else { return otp_send(socket, head.baseAddress, head.count, nil, 0) }
            return pieces[1].withUnsafeBytes { second in
                otp_send(socket, head.baseAddress, head.count, second.baseAddress, second.count)
            }
        }
    }

    private mutating func consume(_ bytes: Int) {
        count -= bytes
        sent += bytes
        while let first = pieces.first, sent >= first.count {
            sent -= first.count
            if pieces.count == 1 && first.capacity <= OutputQueue.joined {
                pieces[0].removeAll(keepingCapacity: true)
                return
            }
            pieces.removeFirst()
        }
    }
}
