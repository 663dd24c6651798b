import CSystem
import Glibc

/// Where connections come from and go to.
extension EventLoop {
    func find(_ id: UInt64) -> Connection? {
        let index = Int(id & 0xFFFF_FFFF)
        guard index < connections.count, let connection = connections[index], connection.id == id else { return nil }
        return connection
    }

    func readLetters() {
        mailbox.take(into: &letters)
        for letter in letters {
            switch letter {
            case .adopt(let socket, let peer):
                adopt(socket, peer)
            case .answer(let id, let exchange, let response):
                guard let connection = find(id) else { continue }
                connection.complete(exchange, response)
                enqueue(connection)
            case .drain(let until):
                drain(until)
            }
        }
        letters.removeAll(keepingCapacity: true)
    }

    /// Takes what the backlog holds and deals it round the loops; a flood does not keep the loop from its connections.
    func accept(atMost maximum: Int = 256) {
        for _ in 0..<maximum {
            guard let (socket, peer) = listener?.accept(context.now) else { break }
            let count = core.connections.add(1, ordering: .relaxed).newValue
            if count > core.limits.connections {
                Listener.refuse(socket)
                core.connections.subtract(1, ordering: .relaxed)
                continue
            }
            let next = listener?.next(of: core.mailboxes.count) ?? 0
            if core.mailboxes[next] === mailbox || drainUntil != nil {
                adopt(socket, peer)
            } else {
                core.mailboxes[next].post(.adopt(socket: socket, peer: peer))
            }
        }
        if listener?.resumeAt != nil { listener?.unwatch(epoll) }
    }

    private func adopt(_ socket: Int32, _ peer: String) {
        generation &+= 1
        let id = UInt64(generation & 0x7FFF_FFFF) << 32 | UInt64(UInt32(bitPattern: socket))
        let connection = Connection(id: id, socket: socket, peer: peer, core: core, mailbox: mailbox)
        connection.drainingSince = drainingSince
        while connections.count <= Int(socket) { connections.append(nil) }
        connections[Int(socket)] = connection
        connectionCount += 1
        guard otp_epoll_control(epoll, EPOLL_CTL_ADD, socket, connection.interest, id) == 0 else {
            connection.end()
            remove(connection)
            return
        }
        enqueue(connection)
    }

    func remove(_ connection: Connection) {
        guard find(connection.id) === connection else { return }
        connections[Int(connection.socket)] = nil
        connectionCount -= 1
        core.connections.subtract(1, ordering: .relaxed)
        close(connection.socket)
    }

    /// The last accept, then every connection learns that its next answer is the last. The loop that accepts hears of
    /// it first and tells the others, so that no connection reaches a loop that is already gone.
    private func drain(_ until: Int64) {
        if let earlier = drainUntil {
            guard until < earlier else { return }
            drainUntil = until
            for other in core.mailboxes where other !== mailbox { other.post(.drain(until: until)) }
            return
        }
        drainUntil = until
        drainingSince = context.now
        if listener != nil {
            accept(atMost: core.limits.connections)
            listener?.shut()
            listener = nil
            for other in core.mailboxes where other !== mailbox { other.post(.drain(until: until)) }
        }
        for case let connection? in connections {
            connection.drainingSince = context.now
            if connection.isQuiet { connection.readable(buffer) }
            enqueue(connection)
        }
    }
}
