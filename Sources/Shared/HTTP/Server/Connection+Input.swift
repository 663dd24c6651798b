import Base
import Glibc

/// From bytes to handlers.
extension Connection {
    /// Reads once: level-triggered polling comes back when there is more.
    func readable(_ buffer: UnsafeMutableRawBufferPointer) {
        let count = recv(socket, buffer.baseAddress, buffer.count, 0)
        guard count > 0 else {
            if count == 0 {
                inputEnd()
            } else if errno != EAGAIN && errno != EINTR {
                end()
            }
            return
        }
        switch phase {
        case .open:
            parser.feed(UnsafeRawBufferPointer(start: buffer.baseAddress, count: count))
            isStarved = false
        case .lingering(let until, let bytes):
            phase = .lingering(until: until, bytes: bytes - count)
            if bytes < count { end() }
        case .finishing, .closed:
            break
        }
    }

    /// The client has sent all it will; it may still wait for its answers.
    private func inputEnd() {
        inputEnded = true
        switch phase {
        case .open:
            guard parser.isIdle else {
                refuse(.bad("The request ended too early."))
                return
            }
            phase = .finishing
        case .lingering: end()
        case .finishing, .closed: break
        }
    }

    /// One step of the parser.
    func step(_ now: Int64) {
        switch parser.next() {
        case .more:
            isStarved = true
        case .head(let head):
            begin(head)
        case .body(let body):
            requestStarted = nil
            dispatch(body)
        case .failed(let failure):
            refuse(failure)
        }
        if parser.isIdle {
            requestStarted = nil
        } else {
            requestStarted = requestStarted ?? now
        }
    }

    /// Everything that can be said before the body: 417, 404, 405, 413; then no 100 is sent and nothing is read.
    private func begin(_ head: RequestHead) {
        guard head.expectation != .unknown else {
            refuse(RequestFailure(status: 417, detail: "The only expectation here is 100-continue."), head)
            return
        }
        let resolution = core.router.resolve(method: head.method, path: head.path)
        switch resolution {
        case .refused(let response):
            guard !head.hasBody else {
                answer(response, route: "unmatched", head)
                return
            }
        case .route(let route, _):
            let maximum = route.options.maximumBodyBytes
            if case .length(let count) = head.framing, count > maximum {
                refuse(RequestFailure(status: 413, detail: "The body is too large."), head)
                return
            }
            parser.maximumBody = maximum
        }
        let waits = head.expectation == .continues && head.hasBody && !parser.hasBufferedBytes
        reading = Reading(head: head, resolution: resolution, wantsContinue: waits)
    }

    private func dispatch(_ body: [UInt8]) {
        guard let reading else { return }
        self.reading = nil
        let head = reading.head
        switch reading.resolution {
        case .refused(let response):
            append(head, route: "unmatched", bytesIn: 0, keepAlive: head.keepAlive, answer: response)
        case .route(let route, let parameters):
            let request = HTTPRequest(
                method: head.method, target: head.target, path: head.path, query: head.query, headers: head.headers,
                body: body, peer: peer)
            let id = append(
                head, route: route.pattern, bytesIn: body.count, keepAlive: head.keepAlive,
                deadline: Ticks.of(route.options.deadline))
            run(route, request, parameters, exchange: id)
        }
        if !head.keepAlive {
            phase = .finishing
            lingers = parser.hasBufferedBytes
        }
    }

    private func run(_ route: Route, _ request: HTTPRequest, _ parameters: PathParameters, exchange: UInt64) {
        let responder = Responder { [mailbox, id] response in
            mailbox.post(.answer(connection: id, exchange: exchange, response))
        }
        switch route.action {
        case .responder(let handler):
            handler(request, parameters, responder)
        case .task(let handler):
            exchanges[exchanges.count - 1].task = Task {
                responder.respond(await handler(request, parameters))
            }
        }
    }

    /// The stream can't be understood, or must not be read on: this answer is the last.
    func refuse(_ failure: RequestFailure, _ head: RequestHead? = nil) {
        var response = HTTPResponse.problem(failure.status, detail: failure.detail)
        if failure.status == 503 { response.headers.append("Retry-After", "1") }
        answer(response, route: "refused", head ?? reading?.head)
    }

    private func answer(_ response: HTTPResponse, route: String, _ head: RequestHead?) {
        reading = nil
        append(head, route: route, bytesIn: 0, keepAlive: false, answer: response)
        phase = .finishing
        lingers = true
    }

    /// Counts the bodies held here, and refuses the one that is coming when the server holds too much.
    func boundBodies() {
        holdBodies()
        if reading != nil, parser.body.count > 0, core.bodyBytes.load(ordering: .relaxed) > limits.bodyBytes {
            parser.body = []
            refuse(RequestFailure(status: 503, detail: "The server is busy; the request may be sent again."))
        }
    }

    func holdBodies() {
        guard !isClosed else { return }
        hold(exchanges.reduce(parser.body.count) { $0 + $1.bytesIn })
    }

    func hold(_ bytes: Int) {
        guard bytes != heldBytes else { return }
        core.bodyBytes.add(bytes - heldBytes, ordering: .relaxed)
        heldBytes = bytes
    }

    @discardableResult
    private func append(
        _ head: RequestHead?, route: String, bytesIn: Int, keepAlive: Bool, deadline: Int64 = 0,
        answer: HTTPResponse? = nil
    ) -> UInt64 {
        let now = Ticks.now()
        let id = nextExchange
        nextExchange += 1
        exchanges.append(
            Exchange(
                id: id, route: route, method: head?.method ?? "", isVersion10: head?.isVersion10 ?? false,
                keepAlive: keepAlive, bytesIn: bytesIn, started: now, deadline: now + deadline, task: nil,
                answer: answer.map { ($0, now) }))
        return id
    }
}
